"""Answers that come late: they give way to the next, but the last frame of a stream that rests has its answer."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from finetuner.engine.prediction.steadiness import STILL
from finetuner.engine.prediction.stream import LiveAnswer
from finetuner.gui.pages.live import LivePage, answerer
from tests.gui.pages.live.fakes import FakePredictor, FakeSources
from tests.gui.pages.live.looking import enter, stream_of


class Never:
    """Every answer is late."""

    def allows(self, answer: LiveAnswer) -> bool:
        return False


@pytest.fixture
def looking(qtbot: QtBot, page: LivePage, opened: list[Path], monkeypatch: pytest.MonkeyPatch) -> LivePage:
    monkeypatch.setattr(answerer, "Freshness", Never)
    page.answerer.steadiness = STILL
    enter(qtbot, page, opened)
    return page


def test_the_last_frame_has_its_answer_however_late(qtbot: QtBot, looking: LivePage, sources: FakeSources) -> None:
    shown: list[str] = []
    looking.viewing.answered.connect(lambda event: shown.append(event.answer.label))
    for value in (10, 20, 200):
        stream_of(sources).send(value)
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == ["bees"]


def test_a_late_answer_gives_way_to_a_frame_that_came_since(
    qtbot: QtBot, looking: LivePage, sources: FakeSources, predictor: FakePredictor
) -> None:
    shown: list[str] = []
    looking.viewing.answered.connect(lambda event: shown.append(event.answer.label))
    with qtbot.waitSignal(looking.answerer.told):
        stream_of(sources).send(10)
    predictor.gate.clear()
    stream_of(sources).send(200)
    qtbot.waitUntil(lambda: not looking.answerer._quiet.isActive())
    assert shown == []
    predictor.gate.set()
    qtbot.waitUntil(lambda: shown == ["bees"])


def test_nothing_late_is_told_after_the_end(qtbot: QtBot, looking: LivePage, sources: FakeSources) -> None:
    with qtbot.waitSignal(looking.answerer.told):
        stream_of(sources).send(10)
    assert looking.answerer._quiet.isActive()
    looking.stop()
    assert not looking.answerer._quiet.isActive()
