"""What a user should know about a data set before training on it, in sentences."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

from finetuner.engine.dataset.check import Remark
from finetuner.engine.dataset.names import readable
from finetuner.engine.dataset.split import leaks
from finetuner.engine.dataset.together import together
from finetuner.engine.events import ScannedImage

_REMARKS: dict[Remark, str] = {
    "suffix": "With the suffix of another format, and read for what it is",
    "animated": "Animated or with pages, of which the first is used",
    "stretched": "Of floats or wide integers, stretched from the image's own smallest value to its largest",
    "extreme": "Extremely small or narrow",
}


def about_classes(images: Sequence[ScannedImage], folders: Iterable[str]) -> list[str]:
    """Classes that are empty, alone, or too small to be validated."""
    counts = Counter(image.label for image in images)
    sentences = []
    if len(counts) == 1:
        sentences.append(f"There is only one class, {readable(next(iter(counts)))}: a classifier needs two.")
    if empty := [name for name in folders if name not in counts]:
        sentences.append(f"Without any usable image, and left out as a class: {_few(empty)}.")
    if single := sorted(name for name, count in counts.items() if count == 1):
        sentences.append(f"With a single image, a class can be trained but not validated: {_few(single)}.")
    return sentences


def about_splits(images: Sequence[ScannedImage]) -> list[str]:
    """Splits, given or drawn, that lack a class or share images. A class of one image is told of by `about_classes`."""
    labels: dict[str, set[str]] = {"train": set(), "val": set(), "test": set()}
    for image in images:
        labels[image.split or "train"].add(image.label)
    held_out = labels["val"] | labels["test"]
    sentences = []
    if held_out and not labels["train"]:
        sentences.append("There is no image to train with, only validation or test images.")
    elif unknown := sorted(held_out - labels["train"]):
        sentences.append(f"Never seen in training, only in validation or test: {_few(unknown)}.")
    single = {name for name, count in Counter(image.label for image in images).items() if count == 1}
    if labels["val"] and (missing := sorted(labels["train"] - labels["val"] - single)):
        sentences.append(f"Without a validation image: {_few(missing)}.")
    if pairs := leaks(images):
        names = [PurePath(held_out.path).name for _, held_out in pairs]
        sentences.append(
            "Validation or test images with a copy or near-copy in training, so that the score will flatter "
            f"({len(pairs):,}): {_few(names)}."
        )
    return sentences


def about_copies(images: Sequence[ScannedImage]) -> list[str]:
    """Exact copies, near-copies, and copies under two labels."""
    labels: defaultdict[str, set[str]] = defaultdict(set)
    for image in images:
        labels[image.content].add(image.label)
    sentences = []
    if conflicts := [image for image in images if len(labels[image.content]) > 1]:
        names = [PurePath(image.path).name for image in conflicts]
        sentences.append(f"Copies of each other under different labels ({len(conflicts):,}): {_few(names)}.")
    copies = len(images) - len(labels)
    kept = {image.content: (image.group, whole.group) for image, whole in zip(images, together(images), strict=True)}
    alike = len(kept) - len(set(kept.values()))
    if copies or alike:
        found = f"Exact copies: {copies:,}, near-copies: {alike:,}."
        sentences.append(f"{found} Each stays in one split with its original.")
    return sentences


def about_files(remarked: Mapping[Remark, Sequence[str]]) -> list[str]:
    """Usable files that are odd, by kind of oddity."""
    return [
        f"{words} ({len(remarked[remark]):,}): {_few([PurePath(path).name for path in remarked[remark]])}."
        for remark, words in _REMARKS.items()
        if remarked.get(remark)
    ]


def _few(names: Sequence[str]) -> str:
    return ", ".join(readable(name) for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
