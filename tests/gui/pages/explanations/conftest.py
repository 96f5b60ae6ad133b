"""The page before a finished run, and an engine whose answers can be told apart."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from finetuner.engine.events import Event, Explained, Failed, Judged, LayerRow, LayersListed, Progress, Trust
from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.explanations.keep import save
from finetuner.engine.files import write_bytes
from finetuner.engine.requests import ExplainRequest, JudgeRequest, LayersRequest
from finetuner.gui.pages.explanations import ExplanationsPage
from finetuner.gui.session import Session
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.finished_run import finished_run

UNFIT = "cam"


def explained(request: ExplainRequest) -> Iterator[Event]:
    """A red overlay, a blue map; one method does not fit."""
    if request.method == UNFIT:
        yield Failed(sentence="CAM needs a head that sees an average.", next_step="Take Grad-CAM.")
        return
    yield Progress(activity="Looking", done=1, total=2)
    label, layer = request.label or "bees", request.layer or "conv_head"
    texts = {"method": request.method, "layer": layer, "class": label, "model": "tiny, leaves-probe"}
    heat = request.out.with_name("heat.png")
    save(Image.new("RGB", (40, 30), "red"), request.out, texts)
    save(Image.new("RGB", (20, 20), "blue"), heat, texts)
    yield Explained(
        image=str(request.image), method=request.method, layer=layer if EXPLANATIONS[request.method].at_layer else "",
        label=label, probability=0.9, overlay=str(request.out), heat=str(heat), seconds=0.1,
    )  # fmt: skip


def judged(request: JudgeRequest) -> Iterator[Event]:
    """A map that must not be relied on."""
    trust = Trust(
        deletion=0.2, insertion=0.7, deletion_by_chance=0.4, insertion_by_chance=0.5, likeness=0.75,
        sentence="This map barely changes: do not rely on it.",
    )  # fmt: skip
    yield Judged(image=str(request.image), method=request.method, label=request.label, trust=trust)


def listed(request: LayersRequest) -> Iterator[Event]:
    rows = (LayerRow(name="blocks.1", side=28), LayerRow(name="conv_head", side=7))
    yield LayersListed(run=str(request.run), usual="conv_head", layers=rows)


def run_with_weights(folder: Path) -> Path:
    """A finished run whose weights are there, as far as the page can tell."""
    run = finished_run(folder)
    write_bytes(run / "best" / "model.safetensors", b"")
    return run


@pytest.fixture
def launcher() -> AnsweringLauncher:
    return AnsweringLauncher(explain=explained, judge=judged, layers=listed)


@pytest.fixture
def page(qtbot: QtBot, session: Session, tmp_path: Path) -> Iterator[ExplanationsPage]:
    session.set_run(run_with_weights(tmp_path))
    made = ExplanationsPage(session)
    qtbot.addWidget(made)
    yield made
    made.bench.cancel()
    session.calls.close()
    made.shelf.gallery.pictures.close()
    made.board.close_loader()
    made.photos.close()
    made.painting.close_loader()


@pytest.fixture
def rested(qtbot: QtBot, page: ExplanationsPage, session: Session) -> Callable[[], None]:
    """Wait until all that the board asks for was answered, or cancelled."""

    def done() -> bool:
        settled = all(cell.finding.settled for _, cell in page.board.cells())
        return not session.calls.busy and (settled or page.bench.cancelled)

    return lambda: qtbot.waitUntil(done)


@pytest.fixture
def asked(launcher: AnsweringLauncher) -> Callable[[], list[ExplainRequest]]:
    """What was asked to be explained, in order."""
    return lambda: [request for request in launcher.asked if isinstance(request, ExplainRequest)]
