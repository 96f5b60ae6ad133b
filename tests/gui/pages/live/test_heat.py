"""Where the model looks: asked of the engine, one frame at a time, while answers go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from finetuner.engine.events import Event, Explained, Failed
from finetuner.engine.requests import ExplainRequest
from finetuner.gui.pages.live import LivePage
from finetuner.gui.pages.live.heat import Heat
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.live.fakes import FakeSources
from tests.gui.pages.live.looking import buttons, enter, stream_of


def reddened(request: ExplainRequest) -> Iterator[Event]:
    """The frame with its corner red."""
    with Image.open(request.image) as frame:
        drawn = frame.convert("RGB")
    drawn.putpixel((0, 0), (255, 0, 0))
    drawn.save(request.out)
    yield Explained(
        image=str(request.image), method=request.method, layer="conv", label="bees", probability=0.7,
        overlay=str(request.out), heat="", seconds=0.0,
    )  # fmt: skip


@pytest.fixture
def asked(launcher: AnsweringLauncher) -> list[ExplainRequest]:
    """The requests for heat so far; each is answered at once."""
    launcher.answers["explain"] = reddened
    return launcher.asked


@pytest.fixture
def heat(qtbot: QtBot, page: LivePage, opened: list[Path], asked: list[ExplainRequest]) -> Heat:
    enter(qtbot, page, opened)
    page.more.toggle_heat()
    assert page.wall.heat is not None
    return page.wall.heat


def explained(asked: list[object]) -> list[ExplainRequest]:
    return [request for request in asked if isinstance(request, ExplainRequest)]


def test_the_heat_lies_on_the_frame_it_was_made_for(
    qtbot: QtBot, page: LivePage, sources: FakeSources, heat: Heat, asked: list[object], run: Path
) -> None:
    page.stage.mirrored = False
    stream_of(sources).send(90)
    qtbot.waitUntil(lambda: not heat.stage.image.isNull())
    assert heat.stage.image.pixelColor(0, 0).name() == "#ff0000"
    assert heat.stage.image.pixelColor(4, 4).red() == 90
    assert "bees" in heat.line.answer.text()
    assert [(request.run, request.method) for request in explained(asked)] == [(run, "grad-cam")]


def test_answers_go_on_while_it_is_made_and_the_newest_frame_is_next(
    qtbot: QtBot, page: LivePage, sources: FakeSources, heat: Heat, asked: list[object], launcher: AnsweringLauncher
) -> None:
    page.stage.mirrored = False
    launcher.hold()
    for value in (10, 20, 200):
        with qtbot.waitSignals([page.viewing.answered, page.viewing.drawn]):
            stream_of(sources).send(value)
    assert page.panel.bars.top
    assert len(explained(asked)) == 1
    launcher.release()
    qtbot.waitUntil(lambda: not heat.stage.image.isNull() and heat.stage.image.pixelColor(4, 4).red() == 200)
    assert len(explained(asked)) == 2


def test_what_the_engine_cannot_do_is_said_there_and_can_be_closed(
    qtbot: QtBot, page: LivePage, sources: FakeSources, heat: Heat, launcher: AnsweringLauncher
) -> None:
    launcher.answers["explain"] = lambda request: [Failed(sentence="The run holds no model yet.")]
    stream_of(sources).send(10)
    qtbot.waitUntil(lambda: heat.stage.trouble.isVisible() and "Close" in buttons(page))
    assert heat.stage.trouble.sentence.text() == "The run holds no model yet."
    assert page.running
    buttons(page)["Close"].click()
    assert page.wall.heat is None


def test_an_exported_file_that_takes_over_cannot_tell(page: LivePage, heat: Heat, tmp_path: Path) -> None:
    page.use([tmp_path / "bees.onnx"])
    assert "cannot tell where it looks" in heat.stage.trouble.sentence.text()


def test_an_exported_file_cannot_tell(qtbot: QtBot, page: LivePage, opened: list[Path], tmp_path: Path) -> None:
    page.use([tmp_path / "bees.onnx"])
    page.more.refresh()
    assert not page.more.heat.isEnabled()
    assert "an exported file cannot tell" in page.more.heat.text()


def test_it_is_switched_off_again(page: LivePage, heat: Heat) -> None:
    page.more.refresh()
    assert page.more.heat.isChecked()
    page.more.toggle_heat()
    assert page.wall.panes == []
    assert not page.more.heat.isChecked()
