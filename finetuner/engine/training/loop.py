"""The one loop. `train` and `resume` are generators of events; closing one saves and frees the device."""

import os
from collections.abc import Generator, Iterator
from contextlib import closing, suppress

import torch

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Progress, RunEnded
from finetuner.engine.requests import ResumeRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.allocator import memory_kept
from finetuner.engine.training.keeper import Keeper
from finetuner.engine.training.observer import Observer
from finetuner.engine.training.session import Session
from finetuner.engine.training.setting import prepare


def train(request: TrainRequest, observer: Observer | None = None) -> Generator[Event, None, None]:
    """Run the job into a new folder; yield what happens. Raises FinetunerError when it cannot go on.

    `observer` looks at the network after each epoch.
    """
    with RunFolder.claimed(request.run, request.job) as run:  # only who made the folder may discard it
        try:
            yield from story_of(run, observer)
        except FinetunerError:
            if not run.started:  # the corrected command may use the same folder
                run.discard()
            raise


def resume(request: ResumeRequest, observer: Observer | None = None) -> Iterator[Event]:
    """Go on from the newest checkpoint, or from the start when there is none yet."""
    run = RunFolder.open(request.run)
    run.control.clear()
    yield from story_of(run, observer)


def story_of(run: RunFolder, observer: Observer | None = None) -> Iterator[Event]:
    """Train a run that is set up; one process at a time. Whatever happens is also written into its folder."""
    run.lock.acquire()
    threads = torch.get_num_threads()
    keeper = Keeper(run)
    try:
        with memory_kept(), closing(_story(run, keeper, observer)) as story:  # closed here, while the lock is held
            for event in story:
                if not isinstance(event, Progress):
                    keeper.log(event)
                yield event
    except FinetunerError as error:
        _log_failure(keeper, error)
        raise
    except OSError as error:
        failure = _refused(run, error)
        _log_failure(keeper, failure)
        raise failure from error
    finally:
        torch.set_num_threads(threads)  # the next run in this process chooses its own
        run.lock.release()


def _story(run: RunFolder, keeper: Keeper, observer: Observer | None) -> Generator[Event, None, None]:
    keeper.rewind()
    setting = yield from prepare(run, keeper.position)
    yield from Session(setting, keeper, observer).events()


def _refused(run: RunFolder, error: OSError) -> FinetunerError:
    file = f" ({os.fsdecode(error.filename)})" if error.filename else ""
    return FinetunerError(
        f"The run {run.path} could not be written: {error.strerror or error}{file}.",
        "Free some space or reconnect the disk, then resume the run: its last checkpoint is intact.",
    )


def _log_failure(keeper: Keeper, error: FinetunerError) -> None:
    with suppress(OSError):  # the disk that refused the run refuses its obituary as well; the caller is told
        keeper.log(RunEnded(status="failed", sentence=error.sentence, next_step=error.next_step))
