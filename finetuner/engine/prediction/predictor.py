"""What answers images, wherever it came from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.engine.run_store.unknown import Cut

Pixels = NDArray[np.uint8]
"""One image: H x W x 3, RGB, any size."""
Shares = NDArray[np.float32]
"""n x C."""


@dataclass(frozen=True)
class Answers:
    """Calibrated probabilities n x C and the logits n x C they come from.

    `unknown`: how strange each image is, n; None where the model does not say.
    """

    probabilities: Shares
    logits: Shares
    unknown: Shares | None = None

    def strangeness(self) -> tuple[float | None, ...]:
        """That of each image."""
        return (None,) * len(self.probabilities) if self.unknown is None else tuple(self.unknown.tolist())


def refuse_no_numbers(model: str, parts: Iterable[NDArray[Any]]) -> None:
    """Raises FinetunerError unless every answer of `model` is a finite number: whatever follows would be guesswork."""
    if all(part.dtype.kind in "fiu" and np.isfinite(part).all() for part in parts):
        return
    told = f"The model {readable(model)} gives answers that are no numbers."
    raise FinetunerError(told, "Its training went astray: train again with a smaller learning rate.")


class Predictor(Protocol):
    """A model that is open. `temperature` turned its logits into probabilities; `thresholds` say when it is unsure.

    `cut` says from how strange an image on it is unknown; None where the model does not say how strange it is.
    """

    name: str
    classes: tuple[str, ...]
    temperature: float
    thresholds: Thresholds
    cut: Cut | None

    def answer(self, images: Sequence[Pixels]) -> Answers:
        """Answer n images of any sizes. Raises FinetunerError when the model cannot."""
        ...

    def predict(self, images: Sequence[Pixels]) -> Shares:
        """The probabilities alone, n x C."""
        ...


def open_model(path: Path) -> Predictor:
    """Open a run folder or an .onnx file. Raises FinetunerError when it is neither, or damaged."""
    if path.is_dir():
        from finetuner.engine.prediction.run_predictor import RunPredictor

        return RunPredictor(path)
    if not path.is_file():
        raise FinetunerError(f"There is no model at {readable(str(path))}.", "Give a run folder or an .onnx file.")
    from finetuner.engine.prediction.onnx_predictor import OnnxPredictor

    return OnnxPredictor(path)
