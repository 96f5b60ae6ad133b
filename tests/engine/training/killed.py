"""Kills a trainer at chosen disk synchronisations and resumes it: `python -m tests.engine.training.killed DATA HOME N`.

Everything is imported and computed once; each trainer is a fork of this process, which has a single thread.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from finetuner.engine.events import Event
from finetuner.engine.requests import ResumeRequest, TrainRequest
from finetuner.engine.training.loop import resume, train
from tests.engine.tiny_job import fingerprint, tiny_job


def main(data: Path, home: Path, kills: list[int]) -> None:
    """Print as JSON how the whole run ended, how the killed and resumed ones did, and how many were killed."""
    job = tiny_job(data, ema=0.9, dropout=0.1, patience=5)
    walk(train(TrainRequest(job=job, run=home / "whole")))
    killed, endings = 0, []
    for number in kills:
        request = TrainRequest(job=job, run=home / str(number))
        killed += forked(lambda request=request, number=number: walk(train(request), number))
        forked(lambda request=request: walk(again(request)))
        endings.append(fingerprint(request.run))
    print(json.dumps({"whole": fingerprint(home / "whole"), "resumed": endings, "killed": killed}))


def again(request: TrainRequest) -> Iterator[Event]:
    """Resume the run, or start it where there is none yet, as a user would."""
    begun = (request.run / "job.toml").exists()
    return resume(ResumeRequest(run=request.run)) if begun else train(request)


def forked(work: Callable[[], None]) -> bool:
    """Do this in a process of its own; return whether it was killed over it."""
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
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit("a trainer failed; its trace is above")
    return os.WIFSIGNALED(status)


def walk(events: Iterator[Event], at: int | None = None) -> None:
    """Train to the end, or to the synchronisation number `at`, which kills."""
    if at is not None:
        _kill_at(at)
    for _ in events:
        continue


def _kill_at(number: int) -> None:
    whole, calls = os.fsync, iter(range(10**9))

    def fsync(descriptor: int) -> None:
        if next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        whole(descriptor)

    os.fsync = fsync


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [int(number) for number in sys.argv[3:]])
