"""The one loop. `train` and `resume` are generators of events; closing one saves and frees the device."""

from collections.abc import Generator, Iterator

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Progress, RunEnded
from finetuner.engine.requests import ResumeRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.keeper import Keeper
from finetuner.engine.training.session import Session
from finetuner.engine.training.setting import prepare


def train(request: TrainRequest) -> Iterator[Event]:
    """Run the job into a new folder; yield what happens. Raises FinetunerError when it cannot go on."""
    yield from _told(RunFolder.create(request.run, request.job))


def resume(request: ResumeRequest) -> Iterator[Event]:
    """Go on from the newest checkpoint, or from the start when there is none yet."""
    yield from _told(RunFolder.open(request.run))


def _told(run: RunFolder) -> Iterator[Event]:
    """One process trains a run at a time; whatever happens is also written into its folder."""
    run.lock.acquire()
    keeper = Keeper(run)
    try:
        for event in _story(run, keeper):
            if not isinstance(event, Progress):
                keeper.log(event)
            yield event
    except FinetunerError as error:
        keeper.log(RunEnded(status="failed", sentence=error.sentence, next_step=error.next_step))
        raise
    finally:
        run.lock.release()


def _story(run: RunFolder, keeper: Keeper) -> Generator[Event, None, None]:
    run.control.clear()
    keeper.rewind()
    setting = yield from prepare(run, keeper.position)
    yield from Session(setting, keeper).events()
