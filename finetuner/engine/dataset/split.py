"""Which images train and which validate: by class, seeded, look-alikes together.

The order in which groups are drawn is a hash of seed, class and group: a shuffle that depends neither on the
order of the files nor on their number, so that a data set that grows keeps most of its split.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from finetuner.engine.dataset.candidate import Split
from finetuner.engine.dataset.together import group_of, together
from finetuner.engine.events import ScannedImage

Members = Mapping[str, Counter[str]]
"""For each group, how many images of each class it holds."""


def assign(images: Sequence[ScannedImage], val_share: float, seed: int) -> tuple[ScannedImage, ...]:
    """The images in their order, each with a split, and with its burst as its group where it belongs to one.

    Given splits stay. Where no image is in `val`, `val_share` of every class is drawn from the unassigned and the
    `train` images: whole groups, never a class's last training image, and at least one image of a class that has
    two groups to choose from. Unassigned images of a group that is held out follow it; the others train.
    """
    images = together(images)
    held_out = _held_out(images)
    free = [image for image in images if image.split != "test" and group_of(image) not in held_out]
    drawn = set() if "val" in {image.split for image in images} else _draw(free, val_share, seed)
    return tuple(_placed(image, held_out, drawn) for image in images)


def leaks(images: Iterable[ScannedImage]) -> tuple[tuple[ScannedImage, ScannedImage], ...]:
    """Pairs (training image, its copy or near-copy in val or test): one for each held-out image that has one."""
    images = together(tuple(images))
    trained = {group_of(image): image for image in reversed(images) if image.split == "train"}
    held_out = [image for image in images if image.split in ("val", "test")]
    return tuple((trained[group_of(image)], image) for image in held_out if group_of(image) in trained)


def _held_out(images: Iterable[ScannedImage]) -> dict[str, Split]:
    """Groups of which some image is given to `val` or `test`; a group in both counts as `test`, seen last."""
    held_out: dict[str, Split] = {}
    for image in images:
        if image.split == "test" or (image.split == "val" and group_of(image) not in held_out):
            held_out[group_of(image)] = image.split
    return held_out


def _placed(image: ScannedImage, held_out: Mapping[str, Split], drawn: set[str]) -> ScannedImage:
    group = group_of(image)
    split = "val" if group in drawn else image.split or held_out.get(group, "train")
    return image if split == image.split else image.model_copy(update={"split": split})


def _draw(images: Iterable[ScannedImage], share: float, seed: int) -> set[str]:
    """The groups that validate."""
    members: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for image in images:
        members[group_of(image)][image.label] += 1
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for group, labels in members.items():
        for label in labels:
            groups[label].append(group)
    draw = _Draw(members)
    for label in sorted(groups):
        draw.from_class(label, sorted(groups[label], key=lambda group: _lot(seed, label, group)), share)
    return draw.groups


class _Draw:
    """Counts, while groups are drawn, what is left to train with."""

    def __init__(self, members: Members) -> None:
        self.members = members
        self.groups: set[str] = set()
        self.drawn: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        for labels in members.values():
            self.left.update(labels)

    def from_class(self, label: str, ordered: list[str], share: float) -> None:
        """Draw groups until `share` of the class validates; the smallest possible one if none fits in."""
        target = max(1, round((self.left[label] + self.drawn[label]) * share))
        for group in ordered:
            if self.drawn[label] + self.members[group][label] <= target:
                self._take(group)
        if not self.drawn[label]:
            for group in sorted(ordered, key=lambda group: self.members[group][label]):
                if self._take(group):
                    return

    def _take(self, group: str) -> bool:
        labels = self.members[group]
        if group in self.groups or any(self.left[label] <= count for label, count in labels.items()):
            return False
        self.groups.add(group)
        self.drawn.update(labels)
        self.left.subtract(labels)
        return True


def _lot(seed: int, label: str, group: str) -> bytes:
    return hashlib.sha256(f"{seed}\0{label}\0{group}".encode("utf-8", "backslashreplace")).digest()
