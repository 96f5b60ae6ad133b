"""Look at a data set: what is usable, what is not and why, which images look alike.

In two stages. First all names are gathered and, for whoever asked to see something soon, the headers read: classes,
counts and sizes are there after little more than a walk over the folder. Then every file is decoded, since a
truncated image is only found so; what has not changed since an earlier scan is known already.
"""

import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from finetuner.engine.dataset.candidate import Candidate
from finetuner.engine.dataset.check import Facts
from finetuner.engine.dataset.inspector import Inspector, Look
from finetuner.engine.dataset.layouts import Layout, candidates, layout_of
from finetuner.engine.dataset.ledger import Ledger
from finetuner.engine.dataset.names import readable
from finetuner.engine.dataset.tally import Tally, described
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, ImagesFound, ImagesScanned, Progress, ScanEnded, ScannedImage, ScanProblem
from finetuner.engine.requests import ScanRequest

BATCH_SECONDS = 0.2
BATCH_IMAGES = 1024
FEW = 200
"""So many files are checked in the blink in which their headers would be read."""


@dataclass(frozen=True)
class Dataset:
    """A scanned data set. `images` carry their given split, or None where none is given."""

    folder: Path
    images: tuple[ScannedImage, ...]
    problems: tuple[ScanProblem, ...]
    layout: Layout
    notices: tuple[str, ...] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names, sorted: their order is that of the network's outputs."""
        return tuple(sorted({image.label for image in self.images}))


def read_dataset(data: Path, val: Path | None = None) -> Dataset:
    """Scan to the end. Raises FinetunerError when there is no usable image."""
    images: list[ScannedImage] = []
    for event in scan(ScanRequest(data=data, val=val)):
        if isinstance(event, ImagesScanned):
            images.extend(event.images)
    assert isinstance(event, ScanEnded)
    if not images:
        raise _nothing_usable(data, event.problems)
    return Dataset(data.absolute(), tuple(images), event.problems, event.layout, event.notices)


def scan(request: ScanRequest) -> Iterator[Event]:
    """Yield Progress and ImagesScanned as files are looked at, then ScanEnded; close to stop.

    Where `request.headers_first`, ImagesFound tells of all images before, unless they are few. `used + excluded =
    seen` always; `excluded` counts the problems. Raises FinetunerError when the choice cannot be a data set at all.
    """
    layout = layout_of(request.data)
    tally = Tally()
    with _remembering(request.data, tally) as ledger, Inspector(ledger) as inspector:
        found = yield from _gather(request, layout, inspector)
        started = time.monotonic()
        with closing(inspector.checks(found)) as looks:
            for batch in _batches(looks):
                if images := tally.add(batch):
                    yield ImagesScanned(images=images)
                yield _progress(tally.seen, len(found), time.monotonic() - started)
        tally.complete = True
    yield tally.ended(request, layout)


@contextmanager
def _remembering(data: Path, tally: Tally) -> Iterator[Ledger]:
    """The ledger of this data set; whatever ends the scan, what it found out is kept."""
    ledger = Ledger(data)
    try:
        yield ledger
    finally:
        try:
            ledger.save(tally.complete)
        except OSError as error:
            tally.troubles.append(f"The next scan will take as long again: nothing could be kept ({error.strerror}).")


def _gather(request: ScanRequest, layout: Layout, inspector: Inspector) -> Generator[Event, None, list[Candidate]]:
    """All candidates. Tells of them on the way by their headers, or only how many there are."""
    found: list[Candidate] = []
    names = _noted(_all_candidates(request, layout), found)
    first = list(islice(names, FEW))
    if request.headers_first and len(first) == FEW:
        yield from _preview(inspector.glances(chain(first, names)))
    else:
        yield from _counted(names, found)
    _refuse_two_validation_sets(request, found)
    return found


def _noted(names: Iterable[Candidate], found: list[Candidate]) -> Iterator[Candidate]:
    for candidate in names:
        found.append(candidate)
        yield candidate


def _preview(looks: Generator[Look, None, None]) -> Iterator[Event]:
    seen = 0
    with closing(looks):
        for batch in _batches(looks):
            seen += len(batch)
            images = (described(candidate, facts) for candidate, facts in batch if isinstance(facts, Facts))
            yield ImagesFound(images=tuple(images))
            yield Progress(activity="Finding images", done=seen)


def _counted(names: Iterable[Candidate], found: list[Candidate]) -> Iterator[Event]:
    told = time.monotonic()
    for _ in names:
        if time.monotonic() - told > BATCH_SECONDS:
            told = time.monotonic()
            yield Progress(activity="Finding files", done=len(found))


def _all_candidates(request: ScanRequest, layout: Layout) -> Iterator[Candidate]:
    yield from candidates(request.data, layout)
    if request.val is not None:
        for candidate in candidates(request.val, layout_of(request.val)):
            yield replace(candidate, split="val")


def _refuse_two_validation_sets(request: ScanRequest, found: Iterable[Candidate]) -> None:
    if request.val is None:
        return
    inner = request.data.absolute()
    if any(candidate.split == "val" and inner in Path(candidate.path).parents for candidate in found):
        raise FinetunerError(
            f"The data set {readable(inner.name)} has a validation part of its own.",
            "Leave out the validation folder, or choose only the train part of the data set.",
        )


def _batches(looks: Iterable[Look]) -> Iterator[list[Look]]:
    """Group what comes in by time, so that a window is told five times a second, or by number."""
    batch: list[Look] = []
    told = time.monotonic()
    for look in looks:
        batch.append(look)
        if len(batch) >= BATCH_IMAGES or time.monotonic() - told > BATCH_SECONDS:
            yield batch
            batch, told = [], time.monotonic()
    if batch:
        yield batch


def _progress(done: int, total: int, seconds: float) -> Progress:
    rate = done / max(seconds, 1e-6)
    return Progress(
        activity="Checking images", done=done, total=total, rate=rate, seconds_left=(total - done) / max(rate, 1e-6)
    )


def _nothing_usable(data: Path, problems: tuple[ScanProblem, ...]) -> FinetunerError:
    sentence = f"There is no usable image in {readable(str(data))}."
    if not problems:
        return FinetunerError(sentence, "Choose a folder that has one sub-folder of images for each class.")
    reason, count = Counter(problem.reason for problem in problems).most_common(1)[0]
    return FinetunerError(
        sentence, f"Files set aside: {len(problems):,}, of which {count:,} for this reason: {reason}."
    )
