"""What a scan has found so far, and the sum of it at the end."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from finetuner.engine.dataset import health
from finetuner.engine.dataset.candidate import Candidate
from finetuner.engine.dataset.check import Facts, Finding, Remark
from finetuner.engine.dataset.groups import Groups
from finetuner.engine.dataset.layouts import Layout, advice, class_folders
from finetuner.engine.dataset.split import assign
from finetuner.engine.events import ScanEnded, ScannedImage, ScanProblem
from finetuner.engine.requests import ScanRequest


class Tally:
    """Gives each image its group as it comes. `troubles` are sentences about the scan itself."""

    def __init__(self) -> None:
        self.images: list[ScannedImage] = []
        self.problems: list[ScanProblem] = []
        self.remarked: defaultdict[Remark, list[str]] = defaultdict(list)
        self.troubles: list[str] = []
        self.complete = False
        self._groups = Groups()

    @property
    def seen(self) -> int:
        """How many files have been looked at, usable or not."""
        return len(self.images) + len(self.problems)

    def add(self, batch: Iterable[tuple[Candidate, Finding]]) -> tuple[ScannedImage, ...]:
        """Take in the next files; return the usable images among them."""
        usable: list[tuple[Candidate, Facts]] = []
        for candidate, finding in batch:
            if isinstance(finding, Facts):
                usable.append((candidate, finding))
            else:
                self.problems.append(ScanProblem(path=candidate.path, reason=finding))
        return self._use(usable)

    def _use(self, usable: Sequence[tuple[Candidate, Facts]]) -> tuple[ScannedImage, ...]:
        groups = self._groups.place((facts.content, facts.look) for _, facts in usable)
        images = tuple(described(*file, group) for file, group in zip(usable, groups, strict=True))
        for candidate, facts in usable:
            for remark in facts.remarks:
                self.remarked[remark].append(candidate.path)
        self.images += images
        return images

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
        return [
            *advice(data, layout),
            *health.about_classes(self.images, class_folders(data, layout)),
            *health.about_splits(placed),
            *health.about_copies(self.images),
            *health.about_files(self.remarked),
            *self.troubles,
        ]


def described(candidate: Candidate, facts: Facts, group: str = "") -> ScannedImage:
    """The image as events tell of it. What else belongs to its burst is only known when all have come."""
    return ScannedImage(
        path=candidate.path,
        label=candidate.label,
        split=candidate.split,
        width=facts.width,
        height=facts.height,
        format=facts.format,
        content=facts.content,
        group=group,
    )
