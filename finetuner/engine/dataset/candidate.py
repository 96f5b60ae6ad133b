"""A candidate: what the layout of a data set says of one file, before anyone looks inside."""

from dataclasses import dataclass
from typing import Literal

Split = Literal["train", "val", "test"]

SPLITS: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}
"""What folders and manifests call the parts of a data set, in lower case."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that should be an image of `label`; with `reason`, one that is set aside already."""

    path: str
    label: str = ""
    split: Split | None = None
    reason: str = ""
