"""The head that was solved last, and a predictor that answers with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import safetensors
import safetensors.numpy

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.numeric import softmax
from finetuner.engine.files import write_bytes
from finetuner.engine.prediction.predictor import Answers, Pixels, Shares
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.engine.run_store.unknown import Cut


class Features(Protocol):
    """What gives features: an Extractor."""

    def features(self, images: Sequence[Pixels]) -> Shares:
        """n x F."""
        ...


@dataclass(frozen=True)
class TaughtHead:
    """`weight` C x F, `bias` C, the names of the classes, and the temperature that makes probabilities honest."""

    weight: Shares
    bias: Shares
    classes: tuple[str, ...]
    temperature: float

    def save(self, path: Path) -> None:
        """Write it. Raises OSError."""
        facts = {"classes": json.dumps(self.classes), "temperature": repr(self.temperature)}
        write_bytes(path, safetensors.numpy.save({"weight": self.weight, "bias": self.bias}, facts))

    @classmethod
    def load(cls, path: Path) -> "TaughtHead":
        """Read it. Raises FinetunerError when it is gone or damaged."""
        try:
            with safetensors.safe_open(path, "numpy") as file:
                facts = file.metadata()
                classes = tuple(json.loads(facts["classes"]))
                return cls(file.get_tensor("weight"), file.get_tensor("bias"), classes, float(facts["temperature"]))
        except (OSError, KeyError, ValueError, TypeError, safetensors.SafetensorError) as error:
            raise FinetunerError("What was taught last cannot be read.", "Record another frame.") from error


class TaughtPredictor:
    """A frozen network and a head. It never changes: another head is another predictor."""

    name = "taught live"

    def __init__(self, network: Features, head: TaughtHead) -> None:
        self._network, self._head = network, head
        self.classes, self.temperature = head.classes, head.temperature
        self.thresholds = Thresholds()
        self.cut: Cut | None = None  # too few frames to say what is strange, until a run is made of them

    def answer(self, images: Sequence[Pixels]) -> Answers:
        """Answer n images of any sizes. Raises FinetunerError when the network fails on one."""
        logits = self._network.features(images) @ self._head.weight.T + self._head.bias
        return Answers(softmax(logits, self.temperature).astype("float32"), logits)

    def renamed(self, names: Mapping[str, str]) -> "TaughtPredictor":
        """The same with other names for these classes."""
        classes = tuple(names.get(name, name) for name in self.classes)
        return TaughtPredictor(self._network, replace(self._head, classes=classes))

    def predict(self, images: Sequence[Pixels]) -> Shares:
        """The probabilities alone, n x C."""
        return self.answer(images).probabilities
