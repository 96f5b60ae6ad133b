"""Features with labels and groups, as a file: what the window has computed and the engine's process solves."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_bytes
from finetuner.engine.prediction.predictor import Shares


@dataclass(frozen=True)
class Rows:
    """`features` N x F, and for each row its label, its group, and its split where that is settled already."""

    features: Shares
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    splits: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def save(self, path: Path) -> None:
        """Write them. Raises OSError."""
        facts = {name: json.dumps(getattr(self, name)) for name in ("labels", "groups", "splits")}
        write_bytes(path, safetensors.numpy.save({"features": np.ascontiguousarray(self.features)}, facts))

    @classmethod
    def load(cls, path: Path) -> "Rows":
        """Read them. Raises FinetunerError when they are gone or damaged."""
        try:
            with safetensors.safe_open(path, "numpy") as file:
                facts = file.metadata()
                told = (tuple(json.loads(facts[name])) for name in ("labels", "groups", "splits"))
                rows = cls(file.get_tensor("features"), *told)
        except (OSError, KeyError, ValueError, TypeError, safetensors.SafetensorError) as error:
            raise FinetunerError("The features of the frames cannot be read.", "Open the page again.") from error
        if {len(rows.features), len(rows.groups), len(rows.splits)} != {len(rows)}:
            raise FinetunerError("The features of the frames are damaged.", "Open the page again.")
        return rows

    def joined(self, others: "Rows") -> "Rows":
        """These, then others. Raises ValueError when another network made them."""
        return Rows(
            np.concatenate([self.features, others.features]),
            (*self.labels, *others.labels),
            (*self.groups, *others.groups),
            (*self.splits, *others.splits),
        )
