"""Kills a trainer at chosen disk synchronisations and resumes it: `python -m tests.engine.training.killed DATA HOME N`.

Everything is imported and computed once; each trainer is a fork of this process, which has a single thread.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from finetuner.engine.events import Event
from finetuner.engine.requests import TrainRequest
from finetuner.engine.training.loop import train
from tests.engine.forks import again, forked
from tests.engine.tiny_job import fingerprint, tiny_job


def main(data: Path, home: Path, kills: list[int]) -> None:
    """Print as JSON how the whole run ended, how the killed and resumed ones did, and how many were killed."""
    job = tiny_job(data, ema=0.9, dropout=0.1, patience=5)
    walk(train(TrainRequest(job=job, run=home / "whole")))
    dead, endings = 0, []
    for number in kills:
        request = TrainRequest(job=job, run=home / str(number))
        dead += killed(forked(lambda request=request, number=number: walk(train(request), number)))
        killed(forked(lambda request=request: walk(again(request))))
        endings.append(fingerprint(request.run))
    print(json.dumps({"whole": fingerprint(home / "whole"), "resumed": endings, "killed": dead}))


def killed(trainer: int) -> bool:
    """Whether it was killed over its work. Raises SystemExit when it failed otherwise."""
    _, status = os.waitpid(trainer, 0)
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
