"""Heads are solved one after the other."""

from pathlib import Path
from typing import Any

from finetuner.engine.job import Job
from finetuner.gui.bridge.teaching import LessonWritten
from finetuner.gui.pages.live.teaching.learner import Learner


class Calls:
    """A session that starts nothing; `end` is called by the test."""

    job = Job()

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.ends: list[Any] = []

    def call(self, request: Any, handle: Any, end: Any) -> None:
        self.requests.append(request)
        self.ends.append(end)


def written(name: str) -> LessonWritten:
    return LessonWritten(file=Path(name), labels=("a", "b"))


def test_what_is_written_while_a_head_is_solved_waits_and_only_the_newest_is_learned(qapp: object) -> None:
    session = Calls()
    learner = Learner(session)  # type: ignore[arg-type]
    rests: list[bool] = []
    learner.rested.connect(lambda: rests.append(True))
    for name in ("first", "second", "third"):
        learner.learn(written(name))
    assert [request.lesson.name for request in session.requests] == ["first"]
    session.ends[0]()
    assert [request.lesson.name for request in session.requests] == ["first", "third"]
    assert not rests
    session.ends[1]()
    assert rests == [True]
