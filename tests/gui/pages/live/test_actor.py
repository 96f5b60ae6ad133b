"""What happens when a label is shown."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from finetuner.engine.prediction.actions.action import ActionsPart
from finetuner.engine.prediction.steadiness import STILL
from finetuner.gui.pages.live import LivePage
from finetuner.gui.session import Session
from tests.gui.pages.live.fakes import FakeSources
from tests.gui.pages.live.looking import enter, stream_of


@pytest.fixture
def looking(qtbot: QtBot, page: LivePage, opened: list[Path]) -> LivePage:
    page.answerer.steadiness = STILL
    enter(qtbot, page, opened)
    return page


def see(qtbot: QtBot, page: LivePage, sources: FakeSources, session: Session, *values: int) -> None:
    """Send these brightnesses, and wait until what follows from them is done."""
    for value in values:
        with qtbot.waitSignal(page.viewing.answered):
            stream_of(sources).send(value)
    page.stop()
    qtbot.waitUntil(lambda: not session.calls.busy)


def test_nothing_happens_by_itself(looking: LivePage) -> None:
    assert looking.actor.options == ActionsPart()
    assert not looking.actor.isVisible()


def test_a_label_that_is_shown_is_written_down_once_in_a_while(
    qtbot: QtBot, looking: LivePage, sources: FakeSources, session: Session, tmp_path: Path
) -> None:
    dialog = looking.more.ask_for_actions()
    for change in ({"when_label": "bees"}, {"least": 0.6}, {"every": 3600.0}, {"table": tmp_path / "seen.csv"}):
        dialog.form.changed.emit(change)
    dialog.close()
    assert looking.actor.isVisible()
    see(qtbot, looking, sources, session, 10, 200, 20, 210)
    assert [line.split(",")[1] for line in (tmp_path / "seen.csv").read_text().splitlines()] == ["label", "bees"]
    assert looking.actor.words.text().endswith("1 so far")


def test_the_tone_is_played(qtbot: QtBot, looking: LivePage, sources: FakeSources, session: Session) -> None:
    played: list[Path] = []
    looking.actor._play = played.append
    looking.actor.set_options(ActionsPart(least=0.5, sound=True))
    see(qtbot, looking, sources, session, 200)
    assert [file.suffix for file in played] == [".wav"]


def test_what_fails_is_a_quiet_line_and_answers_go_on(
    qtbot: QtBot, looking: LivePage, sources: FakeSources, session: Session, tmp_path: Path
) -> None:
    looking.actor.set_options(ActionsPart(least=0.5, table=tmp_path / "gone" / "seen.csv"))
    with qtbot.waitSignal(looking.viewing.answered):
        stream_of(sources).send(200)
    qtbot.waitUntil(lambda: "cannot be written to" in looking.actor.trouble.text())
    assert looking.notice.text == ""
    assert looking.running
    looking.actor.set_options(ActionsPart())
    assert not looking.actor.isVisible()
    see(qtbot, looking, sources, session, 10)


def test_a_class_that_the_model_does_not_know_is_said(qtbot: QtBot, looking: LivePage) -> None:
    looking.actor.set_options(ActionsPart(when_label="beees", sound=True))
    qtbot.waitUntil(lambda: "no class “beees”" in looking.actor.trouble.text())
    looking.actor.set_options(ActionsPart(when_label="bees", sound=True))
    assert looking.actor.trouble.text() == ""
