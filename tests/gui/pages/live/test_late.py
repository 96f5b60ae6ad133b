"""Answers that come late: they give way to the next; where all are, each is told with how late it is.

The last frame of a stream that rests has its answer however late.
"""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from finetuner.engine.prediction.steadiness import STILL
from finetuner.engine.prediction.stream import LiveAnswer
from finetuner.gui.pages.live import LivePage, answerer
from finetuner.gui.pages.live.moment import in_words
from finetuner.gui.pages.live.pane import Line
from tests.gui.pages.live.fakes import FakePredictor, FakeSources
from tests.gui.pages.live.looking import enter, stream_of


class Never:
    """Every answer is late, by `by` seconds if that is to be told."""

    by = 0.0

    def allows(self, answer: LiveAnswer) -> bool:
        return False

    def behind(self, answer: LiveAnswer) -> float:
        return self.by


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


def test_where_all_are_late_each_says_so_until_the_stream_rests(
    qtbot: QtBot, looking: LivePage, sources: FakeSources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Never, "by", 1.25)
    shown: list[tuple[str, bool, float]] = []
    panel = looking.panel
    looking.viewing.answered.connect(
        lambda event: shown.append((panel.heading.text(), panel.bars.unsure, event.answer.behind))
    )
    stream_of(sources).send(200)
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert shown == [("Catching up: 1.2 s ago", True, 1.25), ("Answer", False, 0.0)]


def test_a_small_picture_says_how_late_its_answer_is(qtbot: QtBot) -> None:
    line = Line("Door")
    qtbot.addWidget(line)
    late = LiveAnswer((("bees", 0.97),), 30.0, 10.0, 0, 0.0, behind=0.03)
    assert not line.show_answer(late, lambda: False)
    assert line.answer.text() == ""
    assert line.show_answer(late, lambda: True)
    assert line.answer.text() == f"{in_words(late)}  (0.1 s ago)"


def test_nothing_late_is_told_after_the_end(qtbot: QtBot, looking: LivePage, sources: FakeSources) -> None:
    with qtbot.waitSignal(looking.answerer.told):
        stream_of(sources).send(10)
    assert looking.answerer._quiet.isActive()
    looking.stop()
    assert not looking.answerer._quiet.isActive()
