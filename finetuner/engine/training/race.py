"""Strategies raced against each other: the same images, split and seed, and an equal share of one time budget."""

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.ranking import rank
from finetuner.engine.events import (
    BatchEnded,
    EpochEnded,
    Event,
    Notice,
    RaceEnded,
    RaceEntered,
    RaceEntry,
    RaceScored,
    RunEnded,
)
from finetuner.engine.requests import RaceRequest, TrainRequest
from finetuner.engine.strategies import resolve
from finetuner.engine.training.loop import train


def race(request: RaceRequest) -> Iterator[Event]:
    """Answer a RaceRequest. A run that is asked to stop ends the race; what is done is ranked.

    Raises FinetunerError when a strategy is unknown, a place is taken, or nothing could be trained.
    """
    share = request.seconds / max(len(request.strategies), 1)
    heats = {strategy: _entrant(request, strategy, share) for strategy in request.strategies}
    entries: list[RaceEntry] = []
    stopped, watch = False, Stopwatch()
    for number, (strategy, heat) in enumerate(heats.items()):
        yield RaceEntered(number=number + 1, entries=len(heats), strategy=strategy, run=str(heat.run), seconds=share)
        entry, stopped = yield from _run(heat, strategy, watch, bool(entries))
        if entry:
            entries.append(entry)
            yield RaceScored(entry=entry)
        if stopped:
            break
    yield _result(request, entries, stopped)


def _entrant(request: RaceRequest, strategy: str, share: float) -> TrainRequest:
    job = request.job.changed(strategy=resolve(strategy, request.job.backbone.pretrained), time_limit=share)
    return TrainRequest(job=job, run=request.out.with_name(f"{request.out.name}-{strategy}"))


class Stopwatch:
    """Seconds of training of one entry after the other, as if each had been trained alone.

    What the frozen network says of the images is computed by the entry that needs it first, and kept: the others that
    solve a head are charged the same, or whoever comes first would look dear.
    """

    def __init__(self) -> None:
        self._solving = 0.0
        self.reset()

    def reset(self) -> None:
        """The next entry starts."""
        self._stepped, self._steps, self._solves = 0.0, False, False

    def see(self, event: Event) -> None:
        """An event of the entry under way; an epoch without steps is one in which the head was solved."""
        match event:
            case BatchEnded():
                self._steps = True
            case EpochEnded() if self._steps:
                self._stepped += event.seconds
                self._steps = False
            case EpochEnded():
                self._solves = True
                self._solving = max(self._solving, event.seconds)

    @property
    def seconds(self) -> float:
        """Of the entry under way."""
        return self._stepped + (self._solving if self._solves else 0.0)


def _run(
    heat: TrainRequest, strategy: str, watch: Stopwatch, others: bool
) -> Generator[Event, None, tuple[RaceEntry | None, bool]]:
    """Train one entry: its figures, if it came to any, and whether the user had enough.

    One that fails after others have figures is told of and left out.
    """
    ended = None
    watch.reset()
    try:
        with closing(train(heat)) as events:
            for event in events:
                yield event
                watch.see(event)
                if isinstance(event, RunEnded):
                    ended = event
    except FinetunerError as error:
        if not others:
            raise
        yield Notice(sentence=f"{strategy} is left out: {error.sentence}", next_step=error.next_step, level="warning")
    return (_entry(strategy, heat.run, ended, watch.seconds) if ended else None), bool(
        ended and ended.status == "stopped"
    )


def _entry(strategy: str, run: Path, ended: RunEnded, seconds: float) -> RaceEntry | None:
    if ended.summary is None:
        return None
    return RaceEntry(
        strategy=strategy,
        run=str(run),
        status=ended.status,
        accuracy=ended.summary.val_accuracy,
        accuracy_interval=ended.summary.val_accuracy_interval,
        loss=ended.summary.val_loss,
        images=ended.summary.val_images,
        epochs=ended.summary.epochs,
        best_epoch=ended.summary.best_epoch,
        seconds=seconds,
    )


def _result(request: RaceRequest, entries: list[RaceEntry], stopped: bool) -> RaceEnded:
    if not entries:
        raise FinetunerError(
            "No strategy came to an end, so there is nothing to rank.", "Give the race more time, or stop it later."
        )
    ranking = rank(entries)
    return RaceEnded(
        status="stopped" if stopped else "done",
        ranking=ranking.entries,
        winner=ranking.winner.run,
        sentence=ranking.sentence,
        budget=request.seconds,
    )
