"""A page before two cameras, with a finished run and a model that a test lets on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from finetuner.engine.events import Certificate, Event, Exported, Progress
from finetuner.engine.prediction.stream import LiveAnswer
from finetuner.engine.requests import ExportRequest
from finetuner.gui.pages.live import LivePage, answerer
from finetuner.gui.session import Session
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.finished_run import finished_run
from tests.gui.pages.live.fakes import FakePredictor, FakeSources, opener


def exported(request: ExportRequest) -> Iterator[Event]:
    yield Progress(activity="Writing onnx", done=0)
    request.out.parent.mkdir(parents=True, exist_ok=True)
    request.out.write_bytes(b"a model")
    certificate = Certificate(
        images=1, agreement=1.0, largest_difference=0.0, tolerance=1e-3, passed=True, created="", versions={},
        format="onnx",
    )  # fmt: skip
    yield Exported(
        run=str(request.run), path=str(request.out), format="onnx", size_mb=1.0, milliseconds=1.0,
        certificate=certificate,
    )  # fmt: skip


@pytest.fixture
def launcher() -> AnsweringLauncher:
    return AnsweringLauncher(export=exported)


@pytest.fixture
def sources() -> FakeSources:
    return FakeSources("Desk", "Door")


@pytest.fixture
def predictor() -> Iterator[FakePredictor]:
    made = FakePredictor()
    yield made
    made.gate.set()


@pytest.fixture
def opened() -> list[Path]:
    return []


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return finished_run(tmp_path)


class Always:
    """Every answer is fresh: a test's model waits for as long as it is told to."""

    def allows(self, answer: LiveAnswer) -> bool:
        return True

    def behind(self, answer: LiveAnswer) -> float:
        return 0.0


@pytest.fixture
def page(
    qtbot: QtBot,
    session: Session,
    sources: FakeSources,
    predictor: FakePredictor,
    opened: list[Path],
    run: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[LivePage]:
    monkeypatch.setattr(answerer, "Freshness", Always)
    session.set_run(run)
    made = LivePage(session, sources, opener(predictor, opened))
    qtbot.addWidget(made)
    made.show()
    yield made
    predictor.gate.set()
    made.stop()
    session.calls.close()
