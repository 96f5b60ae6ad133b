"""The exported file against the app, image by image: who disagrees is not published."""

import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from finetuner import __version__
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Certificate, Event, Progress
from finetuner.engine.exporters.exporter import Answer, Model, Pixels
from finetuner.engine.exporters.held_out import HeldOut

TOLERANCE = 1e-3
"""Largest allowed difference in a probability, for float32 files."""
NOISE = 1e-4
"""Two classes closer than this in probability are a tie; rounding may decide it either way."""
_NAMED_PACKAGES = ("torch", "onnx", "onnxruntime", "safetensors", "timm")


@dataclass
class Agreement:
    """What the comparison has seen so far."""

    images: int = 0
    same: int = 0
    contradictions: int = 0
    probability_difference: float = 0.0
    logit_difference: float = 0.0
    worst: Pixels | None = None

    def add(self, app: Answer, file: Answer, pixels: Pixels | None = None) -> None:
        """Compare one image's two answers. The image on which they differ most is kept as `worst`."""
        (app_p, app_z), (file_p, file_z) = app, file
        alike = int(app_p.argmax()) == int(file_p.argmax())
        self.images += 1
        self.same += alike
        self.contradictions += not alike and margin(app_p) > NOISE
        difference = _difference(app_p, file_p)
        if self.worst is None or difference > self.probability_difference:
            self.worst = pixels
        self.probability_difference = max(self.probability_difference, difference)
        self.logit_difference = max(self.logit_difference, _difference(app_z, file_z))

    @property
    def good(self) -> bool:
        """Whether the file may be published."""
        return self.images > 0 and not self.contradictions and self.probability_difference <= TOLERANCE


def verify(app: Model, file: Model, images: HeldOut) -> Iterator[Event | Agreement]:
    """Yield Progress, then the Agreement."""
    agreement = Agreement()
    for pixels in images:
        agreement.add(app(pixels), file(pixels), pixels)
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
        f"images got another class, probabilities differ by up to {agreement.probability_difference:.1e}. {cause}",
        "Nothing was written. Choose another format or backbone, and please report this.",
    )


def certificate(agreement: Agreement, format: str, note: str) -> Certificate:
    """What was found, in a form that travels with the file. Raises FinetunerError when it must not be published."""
    if not agreement.good:
        raise refusal(agreement, format, "")
    return Certificate(
        images=agreement.images,
        agreement=agreement.same / agreement.images,
        largest_difference=agreement.probability_difference,
        tolerance=TOLERANCE,
        passed=True,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=_versions(),
        format=format,
        note=f"Largest difference in a logit: {agreement.logit_difference:.1e}. {note}".strip(),
    )


def _versions() -> dict[str, str]:
    return {"finetuner": __version__} | {name: importlib.metadata.version(name) for name in _NAMED_PACKAGES}
