"""From where on a model says *unknown*: a cut on how strange an image is, kept with the run.

`RUN/unknown.json` holds the scores of held-out known images, larger the stranger, and the share of them that is to
pass; `RUN/unknown.safetensors` what the score of an image is computed from. An exported file gives the score as its
output `unknown`, and carries the cut in its metadata.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from finetuner.engine.documents import read_document
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_bytes, write_text

FILE = "unknown.json"
NUMBERS = "unknown.safetensors"
LARGEST, LARGEST_NUMBERS = 2**22, 2**28
MOST_SCORES = 10_000
LABEL = "unknown"
Share = Annotated[float, Field(ge=0.5, lt=1, allow_inf_nan=False)]
Score = Annotated[float, Field(allow_inf_nan=False)]
USUAL_SHARE = 0.95
_HAIR = 0.02  # of the spread of the scores: more than a file's rounding moves them


class Cut(BaseModel):
    """An image whose score is above `threshold` is unknown; about `known_share` of the known images are not."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    method: str = Field(min_length=1, max_length=100)
    threshold: Score
    known_share: Share

    def unknown(self, score: float) -> bool:
        """Whether an image with this score is unlike all that was learned; so is one whose score is no number."""
        return not score <= self.threshold

    def as_metadata(self) -> dict[str, str]:
        """What `parse` reads."""
        return {f"unknown_{name}": str(value) for name, value in self.model_dump().items()}

    @classmethod
    def parse(cls, metadata: Mapping[str, str]) -> "Cut | None":
        """The cut of an exported file; None where it has none. Raises ValueError when it is damaged."""
        told = {name: metadata[f"unknown_{name}"] for name in cls.model_fields if f"unknown_{name}" in metadata}
        return cls.model_validate(told) if told else None  # pydantic's error is a ValueError


class Unknown(BaseModel):
    """`scores`: those of held-out known images, ascending. `digest`: the SHA-256 of `RUN/unknown.safetensors`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Literal[1] = 1
    method: str = Field(min_length=1, max_length=100)
    known_share: Share = USUAL_SHARE
    scores: tuple[Score, ...] = Field(min_length=1, max_length=MOST_SCORES)
    digest: str

    @property
    def cut(self) -> Cut:
        """Halfway between the last score that passes and the first that does not; a hair above where all pass."""
        last = _last_passing(len(self.scores), self.known_share)
        beyond = self.scores[-1] + _HAIR * (self.scores[-1] - self.scores[0])
        threshold = (self.scores[last] + [*self.scores, beyond][last + 1]) / 2
        return Cut(method=self.method, threshold=threshold, known_share=self.known_share)

    @property
    def passing(self) -> int:
        """How many of the known images pass."""
        return sum(not self.cut.unknown(score) for score in self.scores)

    def asking(self, share: float) -> "Unknown":
        """The same with another share of known images that pass. Raises FinetunerError when it is out of bounds."""
        try:
            return Unknown.model_validate({**self.model_dump(), "known_share": share})
        except ValidationError as error:
            raise FinetunerError(
                f"{share:g} is no share of known images that can be asked for.", "It lies between 0.5 and 1: 0.95."
            ) from error

    @classmethod
    def load(cls, run: Path) -> "Unknown | None":
        """That of a run folder; None where it has none. Raises FinetunerError when a file is damaged or missing."""
        file = run / FILE
        try:
            found = cls.model_validate_json(read_document(file, LARGEST)) if file.exists() else None
            if found and found.digest != _digest(read_document(run / NUMBERS, LARGEST_NUMBERS)):
                raise ValueError("its two files do not belong together")
        except (OSError, ValueError) as error:  # pydantic's is a ValueError
            raise damaged(run) from error
        return found

    def save(self, run: Path) -> None:
        """Write `RUN/unknown.json`. Raises OSError, leaving the old file."""
        write_text(run / FILE, json.dumps(self.model_dump(mode="json")))


def keep(run: Path, method: str, scores: Sequence[float], numbers: bytes, share: float = USUAL_SHARE) -> Unknown:
    """Keep both files; `numbers` is the content of a safetensors file. Raises OSError."""
    write_bytes(run / NUMBERS, numbers)
    spread = sorted(scores)[:: -(-len(scores) // MOST_SCORES)]
    kept = Unknown(method=method, known_share=share, scores=tuple(spread), digest=_digest(numbers))
    kept.save(run)
    return kept


def forget(run: Path) -> None:
    """The run's model is another now, and what was known of the old one says nothing of it. Raises OSError."""
    for name in (FILE, NUMBERS):
        (run / name).unlink(missing_ok=True)


def damaged(run: Path) -> FinetunerError:
    """What to say of files that cannot be used."""
    return FinetunerError(f"What {run} keeps of unknown images is damaged.", f"finetuner unknown {run} --anew")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _last_passing(images: int, share: float) -> int:
    """The place of the last score that passes, so that a new known image passes with at least this probability.

    One more than the share of the images themselves would say (split conformal prediction: Papadopoulos, 2002), since
    the cut is set on them; with too few images all of them pass.
    """
    return min(images, math.ceil((images + 1) * share)) - 1
