"""Options are there again at the next start; what sends over the network is off."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from finetuner.engine.events import Notice
from finetuner.engine.prediction.actions.action import ActionsPart
from finetuner.engine.prediction.steadiness import SteadinessPart
from finetuner.gui import settings
from finetuner.gui.pages.live import LivePage
from finetuner.gui.session import Session
from tests.gui.pages.answering import AnsweringLauncher
from tests.gui.pages.live.fakes import FakePredictor, FakeSources, opener

Start = Callable[[], LivePage]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


@pytest.fixture
def start(qtbot: QtBot, file: Path) -> Iterator[Start]:
    """The page of a window that was started with the preferences on the disk."""
    pages: list[LivePage] = []

    def started() -> LivePage:
        session = Session(lambda _name: AnsweringLauncher(), settings.load(file)[0], file)
        pages.append(LivePage(session, FakeSources("Desk"), opener(FakePredictor(), [])))
        qtbot.addWidget(pages[-1])
        return pages[-1]

    yield started
    for page in pages:
        page.session.close()


def test_what_was_changed_is_there_at_the_next_start(start: Start, tmp_path: Path) -> None:
    page = start()
    steadiness, actions = page.more.ask_for_steadiness(), page.more.ask_for_actions()
    steadiness.form.changed.emit({"hold": 2.0})
    actions.form.changed.emit({"frames": tmp_path / "seen"})
    actions.form.changed.emit({"when_label": "bees"})
    for dialog in (steadiness, actions):
        dialog.close()
    again = start()
    assert again.answerer.steadiness == again.new_answerer().steadiness == SteadinessPart(hold=2.0)
    assert again.actor.options == ActionsPart(frames=tmp_path / "seen", when_label="bees")
    assert not again.actor.isHidden()


def test_what_is_sent_over_the_network_is_off_at_the_next_start(start: Start, file: Path) -> None:
    page = start()
    page.actor.set_options(ActionsPart(post="http://ada:secret@192.168.1.20/seen", sound=True))
    assert page.actor.options.post
    assert "secret" not in file.read_text()
    assert start().actor.options == ActionsPart(sound=True)


def test_an_address_in_the_preferences_is_not_sent_to(start: Start, file: Path) -> None:
    file.write_text(json.dumps({"actions": {"post": "http://192.168.1.20/seen"}}))
    page = start()
    assert page.actor.options == ActionsPart()
    assert page.actor.isHidden()


@pytest.mark.parametrize("spoilt", [{"hold": -1.0}, {"hold": "long"}, {"invented": 1}])
def test_options_that_do_not_fit_begin_anew_and_are_told_of_once(
    qtbot: QtBot, file: Path, spoilt: dict[str, Any]
) -> None:
    file.write_text(json.dumps({"steadiness": spoilt}))
    session = Session(lambda _name: AnsweringLauncher(), settings.load(file)[0], file)
    told: list[Notice] = []
    session.noticed.connect(told.append)
    page = LivePage(session, FakeSources("Desk"), opener(FakePredictor(), []))
    qtbot.addWidget(page)
    assert page.answerer.steadiness == SteadinessPart()
    assert [notice.sentence for notice in told] == ["The options kept as “steadiness” do not fit and begin anew."]
    assert json.loads(file.read_text())["steadiness"] == {}
    session.close()
