"""Two models on the same frames."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from finetuner.engine.prediction.steadiness import STILL
from finetuner.gui.pages.live import LivePage
from finetuner.gui.pages.live.rival import Rival
from finetuner.gui.session import Session
from tests.gui.pages.live.fakes import FakePredictor, FakeSources
from tests.gui.pages.live.looking import enter, stream_of


@pytest.fixture
def other() -> FakePredictor:
    """Sees bees everywhere."""
    made = FakePredictor()
    made.predict = lambda images: np.array([[0.1, 0.8, 0.05, 0.05]], np.float32)  # type: ignore[method-assign]
    return made


@pytest.fixture
def rival(
    qtbot: QtBot, page: LivePage, opened: list[Path], other: FakePredictor, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Rival:  # fmt: skip
    page.answerer.steadiness = page.rival._answerer.steadiness = STILL
    enter(qtbot, page, opened)
    monkeypatch.setattr(page.rival._answerer, "_open_model", lambda path: other)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *asked: (str(tmp_path / "bees.onnx"), ""))
    page.more.ask_for_rival()
    return page.rival


def test_both_answer_the_same_frames_and_differences_are_counted(
    qtbot: QtBot, page: LivePage, sources: FakeSources, rival: Rival
) -> None:
    assert rival.heading.text() == "bees"
    for number, value in enumerate((200, 10, 210, 20)):
        stream_of(sources).send(value)
        qtbot.waitUntil(lambda number=number: rival.differed[1] == number + 1)
    assert rival.differed == (2, 4)
    assert rival.bars.top[0][0] == "bees"
    assert "2 of 4" in rival.told.text()


def test_closing_it_ends_its_thread(qtbot: QtBot, page: LivePage, rival: Rival, session: Session) -> None:
    rival.set_model(None)
    assert not rival.isVisible()
    page.stop()
    qtbot.waitUntil(lambda: not session.calls.busy)


def test_a_new_start_counts_anew(qtbot: QtBot, page: LivePage, sources: FakeSources, rival: Rival) -> None:
    stream_of(sources).send(10)
    qtbot.waitUntil(lambda: rival.differed == (1, 1))
    page.start()
    assert rival.differed == (0, 0)
    stream_of(sources).send(200)
    qtbot.waitUntil(lambda: rival.differed == (0, 1))


def test_a_model_that_cannot_be_opened_has_its_sentence_beside_the_first(
    qtbot: QtBot, page: LivePage, sources: FakeSources, rival: Rival, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from finetuner.engine.errors import FinetunerError

    def refuse(path: Path) -> FakePredictor:
        raise FinetunerError("This is no model of ours.")

    monkeypatch.setattr(rival._answerer, "_open_model", refuse)
    rival.set_model(tmp_path / "other.onnx")
    qtbot.waitUntil(lambda: rival.told.text() == "This is no model of ours.")
    assert page.running


def test_what_answers_already_is_not_offered(page: LivePage, run: Path, tmp_path: Path) -> None:
    page.setup.add_model("bees.onnx", tmp_path / "bees.onnx")
    page.more.offer_models()
    offered = [action.text() for action in page.more.rivals.actions() if action.text()]
    assert offered == ["The run leaves-probe", "Exported model (.onnx)…"]
