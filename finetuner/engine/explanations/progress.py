"""A method's steps as the events of a long call."""

from collections.abc import Generator
from contextlib import closing
from typing import TypeVar

from finetuner.engine.events import Event, Progress
from finetuner.engine.explanations.explanation import Step

_Result = TypeVar("_Result")


def reported(steps: Generator[Step, None, _Result], activity: str) -> Generator[Event, None, _Result]:
    """A generator of steps as one of Progress, with the same result. Closing it closes the other."""
    with closing(steps):
        while True:
            try:
                done, total = next(steps)
            except StopIteration as end:
                result: _Result = end.value
                return result
            yield Progress(activity=activity, done=done, total=total)
