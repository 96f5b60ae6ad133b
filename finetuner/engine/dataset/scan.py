"""Look at a data set: what is usable, what is not and why, which images look alike.

First all names are gathered (a second for 250,000), then every file is decoded in a few threads, since a
truncated image is only found by decoding it; what has not changed since an earlier scan is known already.
Results come in the order of the names, whatever thread was faster.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from finetuner.engine.dataset import health
from finetuner.engine.dataset.candidate import Candidate
from finetuner.engine.dataset.check import Checked, Remark
from finetuner.engine.dataset.layouts import Layout, advice, candidates, class_folders, layout_of
from finetuner.engine.dataset.ledger import Ledger
from finetuner.engine.dataset.likeness import Groups
from finetuner.engine.dataset.names import readable
from finetuner.engine.dataset.pool import in_order
from finetuner.engine.dataset.split import assign
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, ImagesScanned, Progress, ScanEnded, ScannedImage, ScanProblem
from finetuner.engine.requests import ScanRequest

BATCH_SECONDS = 0.2
BATCH_IMAGES = 256


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

    `used + excluded = seen` always; `excluded` counts the problems. Raises FinetunerError when the choice cannot
    be a data set at all.
    """
    layout = layout_of(request.data)
    found = yield from _gather(request, layout)
    tally = _Tally()
    started = time.monotonic()
    with _remembering(request.data, tally) as ledger, closing(in_order(ledger.check, found)) as results:
        for batch in _batches(results):
            if images := tally.add(batch):
                yield ImagesScanned(images=images)
            yield _progress(tally.seen, len(found), time.monotonic() - started)
        tally.complete = True
    yield tally.ended(request, layout)


@contextmanager
def _remembering(data: Path, tally: "_Tally") -> Iterator[Ledger]:
    """The ledger of this data set; whatever ends the scan, what it found out is kept."""
    ledger = Ledger(data)
    try:
        yield ledger
    finally:
        try:
            ledger.save(tally.complete)
        except OSError as error:
            tally.troubles.append(f"The next scan will take as long again: nothing could be kept ({error.strerror}).")


def _gather(request: ScanRequest, layout: Layout) -> Generator[Event, None, list[Candidate]]:
    found: list[Candidate] = []
    told = time.monotonic()
    for candidate in _all_candidates(request, layout):
        found.append(candidate)
        if time.monotonic() - told > BATCH_SECONDS:
            told = time.monotonic()
            yield Progress(activity="Finding files", done=len(found))
    _refuse_two_validation_sets(request, found)
    return found


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


def _batches(results: Iterable[Checked | ScanProblem]) -> Iterator[list[Checked | ScanProblem]]:
    """Group what comes in by time, so that a window is told five times a second, or by number."""
    batch: list[Checked | ScanProblem] = []
    told = time.monotonic()
    for result in results:
        batch.append(result)
        if len(batch) >= BATCH_IMAGES or time.monotonic() - told > BATCH_SECONDS:
            yield batch
            batch, told = [], time.monotonic()
    if batch:
        yield batch


def _progress(done: int, total: int, seconds: float) -> Progress:
    rate = done / max(seconds, 1e-6)
    return Progress(
        activity="Reading images", done=done, total=total, rate=rate, seconds_left=(total - done) / max(rate, 1e-6)
    )


class _Tally:
    """What has been found so far; gives each image its group as it comes."""

    def __init__(self) -> None:
        self.images: list[ScannedImage] = []
        self.problems: list[ScanProblem] = []
        self.remarked: defaultdict[Remark, list[str]] = defaultdict(list)
        self.troubles: list[str] = []
        self.complete = False
        self._groups = Groups()

    @property
    def seen(self) -> int:
        return len(self.images) + len(self.problems)

    def add(self, batch: Iterable[Checked | ScanProblem]) -> tuple[ScannedImage, ...]:
        """Take in the next results; return the usable images among them."""
        before = len(self.images)
        for result in batch:
            if isinstance(result, ScanProblem):
                self.problems.append(result)
            else:
                self._use(result)
        return tuple(self.images[before:])

    def _use(self, checked: Checked) -> None:
        group = self._groups.place(checked.image.content, checked.look)
        self.images.append(checked.image.model_copy(update={"group": group}))
        for remark in checked.remarks:
            self.remarked[remark].append(checked.image.path)

    def ended(self, request: ScanRequest, layout: Layout) -> ScanEnded:
        """The sum of it all, with the split that would be used."""
        placed = assign(self.images, request.val_split, request.seed)
        return ScanEnded(
            folder=str(request.data.absolute()),
            classes=dict(sorted(Counter(image.label for image in self.images).items())),
            splits=dict(Counter(image.split or "train" for image in placed)),
            used=len(self.images),
            excluded=len(self.problems),
            seen=self.seen,
            problems=tuple(self.problems),
            notices=tuple(self._notices(request.data, layout, placed)),
            layout=layout,
        )

    def _notices(self, data: Path, layout: Layout, placed: Sequence[ScannedImage]) -> list[str]:
        folders = class_folders(data, layout)
        return [
            *advice(data, layout, folders),
            *health.about_classes(self.images, folders),
            *health.about_splits(placed),
            *health.about_copies(self.images),
            *health.about_files(self.remarked),
            *self.troubles,
        ]


def _nothing_usable(data: Path, problems: tuple[ScanProblem, ...]) -> FinetunerError:
    sentence = f"There is no usable image in {readable(str(data))}."
    if not problems:
        return FinetunerError(sentence, "Choose a folder that has one sub-folder of images for each class.")
    reason, count = Counter(problem.reason for problem in problems).most_common(1)[0]
    return FinetunerError(sentence, f"Of {len(problems)} files set aside, {count}: {reason}.")
