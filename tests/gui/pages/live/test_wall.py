"""Several sources at once, answered by the same model."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from finetuner.engine.errors import FinetunerError
from finetuner.gui.pages.live import LivePage
from finetuner.gui.pages.live.sources import Source
from finetuner.gui.pages.live.wall import MOST
from finetuner.gui.session import Session
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.live.fakes import FakeSources
from tests.gui.pages.live.looking import buttons, corner, enter


def door(page: LivePage) -> Source:
    return next(source for words, source in page.setup.source.things if words == "Door")


def test_a_second_camera_is_shown_and_answered_beside_the_first(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path]
) -> None:
    enter(qtbot, page, opened)
    page.more.look_at_too(door(page))
    first, second = sources.streams
    first.send(10)
    second.send(200)
    (pane,) = page.wall.panes
    qtbot.waitUntil(lambda: "bees" in pane.line.answer.text())
    qtbot.waitUntil(lambda: page.panel.bars.top[0][0] == "ants")
    assert corner(page) == 10
    assert pane.stage.image.pixelColor(0, 0).red() == 200


def test_the_run_is_exported_once_for_all(
    qtbot: QtBot, page: LivePage, opened: list[Path], launcher: AnsweringLauncher
) -> None:
    launcher.hold()
    page.entered()
    page.more.look_at_too(door(page))
    launcher.release()
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert len(launcher.asked) == 1


def test_all_stop_and_start_together(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path], session: Session
) -> None:
    enter(qtbot, page, opened)
    page.more.look_at_too(door(page))
    page.hide()
    assert not any(stream.running for stream in sources.streams)
    qtbot.waitUntil(lambda: not session.calls.busy)
    page.show()
    page.retry()
    assert [stream.running for stream in sources.streams] == [False, False, True, True]


def test_trouble_of_one_stays_its_own_and_it_can_be_closed(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path]
) -> None:
    enter(qtbot, page, opened)
    page.more.look_at_too(door(page))
    first, second = sources.streams
    second.failed.emit(FinetunerError("The camera Door was unplugged."))
    assert page.wall.panes[0].stage.trouble.sentence.text() == "The camera Door was unplugged."
    assert first.running
    qtbot.waitUntil(lambda: "Close" in buttons(page))
    buttons(page)["Close"].click()
    assert page.wall.panes == []
    assert first.running


@pytest.mark.parametrize("more", [0, MOST - 1])
def test_what_is_in_sight_is_not_offered_again_and_four_are_enough(
    qtbot: QtBot, page: LivePage, sources: FakeSources, opened: list[Path], more: int
) -> None:
    sources.plugged += ["Yard", "Hall", "Roof"]
    enter(qtbot, page, opened)
    for _, source in page.setup.source.things[1 : 1 + more]:
        page.more.look_at_too(source)
    page.more.offer_sources()
    enabled = [action.text() for action in page.more.beside.actions() if action.isEnabled()]
    assert enabled == ([] if more else ["Door", "Yard", "Hall", "Roof"])
