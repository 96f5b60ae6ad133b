"""The exported file against the app, image by image: who disagrees is not published."""

import importlib.metadata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from finetuner import __version__
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate, Event, Progress
from finetuner.engine.exporters import EXPORTERS
from finetuner.engine.exporters.exporter import Answer, Limits, Model, Pixels
from finetuner.engine.exporters.held_out import HeldOut
from finetuner.engine.exporters.verdicts import Verdicts
from finetuner.engine.run_store.unknown import Cut

_NAMED_PACKAGES = ("torch", "onnx", "onnxruntime", "safetensors", "timm")


@dataclass
class Agreement:
    """What the comparison has seen so far; `contradictions` are other classes beyond ties."""

    limits: Limits = field(default_factory=Limits)
    images: int = 0
    same: int = 0
    contradictions: int = 0
    probability_difference: float = 0.0
    logit_difference: float = 0.0
    labelled: int = 0
    app_right: int = 0
    file_right: int = 0
    worst: Pixels | None = None
    cut: Cut | None = None

    def __post_init__(self) -> None:
        self.verdicts = Verdicts(self.cut, self.limits)

    def add(self, app: Answer, file: Answer, pixels: Pixels | None = None, truth: int | None = None) -> None:
        """Compare one image's two answers. The image on which they differ most is kept as `worst`."""
        (app_p, app_z, *_), (file_p, file_z, *_) = app, file
        app_class, file_class = int(app_p.argmax()), int(file_p.argmax())
        self.images += 1
        self.verdicts.add(app, file)
        self.same += app_class == file_class
        self.contradictions += app_class != file_class and margin(app_p) > self.limits.tie
        difference = _difference(app_p, file_p)
        if self.worst is None or difference > self.probability_difference:
            self.worst = pixels
        self.probability_difference = max(self.probability_difference, difference)
        self.logit_difference = max(self.logit_difference, _difference(app_z, file_z))
        if truth is not None:
            self.labelled += 1
            self.app_right += app_class == truth
            self.file_right += file_class == truth

    @property
    def good(self) -> bool:
        """Whether the file may be published."""
        return (
            self.images > 0
            and self.contradictions <= _allowed(self.limits.other_class, self.images)
            and self.probability_difference <= self.limits.probability
            and self.verdicts.good(_allowed(self.limits.other_class, self.images))
            and self.app_right - self.file_right <= _allowed(self.limits.accuracy_loss, self.labelled)
        )


def _allowed(share: float | None, images: int) -> int:
    """So many images, or one; none where the share is 0, all where it is not asked for."""
    if share is None:
        return images
    return max(1, int(share * images)) if share else 0


def verify(
    app: Model,
    file: Model,
    images: HeldOut,
    classes: Sequence[str] = (),
    limits: Limits | None = None,
    cut: Cut | None = None,
) -> Iterator[Event | Agreement]:
    """Yield Progress, then the Agreement. Accuracy is counted where the images' labels are among `classes`.

    `cut`: from which score on an image is unknown, where file and app tell scores.
    """
    agreement = Agreement(limits or Limits(), cut=cut)
    numbers = {name: number for number, name in enumerate(classes)}
    for pixels, label in zip(images, images.truths, strict=True):
        agreement.add(app(pixels), file(pixels), pixels, numbers.get(label or ""))
        yield Progress(activity="Comparing the file with the app", done=agreement.images, total=len(images))
    yield agreement


def margin(probabilities: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> float:
    """How far the first class is ahead of the second."""
    second, first = np.partition(probabilities, -2)[-2:] if len(probabilities) > 1 else (0.0, probabilities[0])
    return float(first - second)


def _difference(
    one: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]", other: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]"
) -> float:
    """The largest |difference|; infinite when a number is not finite or the lengths differ."""
    if one.shape != other.shape or not (np.isfinite(one).all() and np.isfinite(other).all()):
        return float("inf")
    return float(np.abs(one - other).max())


def refusal(agreement: Agreement, format: str, cause: str) -> FinetunerError:
    """Why a file must not be published; `cause` says where it parts from the app."""
    return FinetunerError(
        f"The {format} file does not answer as the app does: {agreement.contradictions} of {agreement.images} "
        f"images got another class, probabilities differ by up to {agreement.probability_difference:.1e}"
        f"{_lost(agreement)}. {agreement.verdicts.sentence()} {cause}".rstrip(),
        "Nothing was written. Choose another format or backbone, and please report this.",
    )


def _lost(agreement: Agreement) -> str:
    if agreement.limits.accuracy_loss is None or not agreement.labelled:
        return ""
    return f", and {agreement.file_right} instead of {agreement.app_right} of {agreement.labelled} answers are right"


def certificate(agreement: Agreement, format: str, note: str) -> Certificate:
    """What was found, in a form that travels with the file. Raises FinetunerError when it must not be published."""
    if not agreement.good:
        raise refusal(agreement, format, "")
    return Certificate(
        images=agreement.images,
        agreement=agreement.same / agreement.images,
        largest_difference=agreement.probability_difference,
        tolerance=agreement.limits.probability,
        passed=True,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=_versions(format),
        format=format,
        labelled=agreement.labelled,
        accuracy=_share(agreement.file_right, agreement.labelled),
        app_accuracy=_share(agreement.app_right, agreement.labelled),
        accuracy_loss=agreement.limits.accuracy_loss,
        note=" ".join(filter(None, (_logits(agreement), agreement.verdicts.sentence(), note))),
    )


def _logits(agreement: Agreement) -> str:
    return f"Largest difference in a logit: {agreement.logit_difference:.1e}."


def _share(right: int, labelled: int) -> float | None:
    return right / labelled if labelled else None


def _versions(format: str) -> dict[str, str]:
    """Of the app and of the packages that wrote and read the file, as far as they tell one."""
    told = {"finetuner": __version__}
    for name in (*_NAMED_PACKAGES, *EXPORTERS[format].packages):
        with suppress(importlib.metadata.PackageNotFoundError):
            told[name.replace("_", "-")] = importlib.metadata.version(name)
    return told
