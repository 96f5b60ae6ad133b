"""Trainers in processes of their own, forked from one that has everything imported: to be killed, cheaply and often."""

import os
import traceback
from collections.abc import Callable, Iterator

from finetuner.engine.events import Event
from finetuner.engine.requests import ResumeRequest, TrainRequest
from finetuner.engine.training.loop import resume, train


def again(request: TrainRequest) -> Iterator[Event]:
    """Resume the run, or start it where there is none yet, as a user would."""
    begun = (request.run / "job.toml").exists()
    return resume(ResumeRequest(run=request.run)) if begun else train(request)


def forked(work: Callable[[], None]) -> int:
    """Start this in a process of its own; return its number."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(status)
    return child
