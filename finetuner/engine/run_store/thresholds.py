"""From which probability on an answer is given: a threshold for each class, kept with the model.

Below the threshold of its best class a model says *unsure*. `RUN/thresholds.json` holds them; an exported file
carries them in its metadata as `thresholds`, a JSON object from class name to probability.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from finetuner.engine.documents import read_document
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_text
from finetuner.engine.job import explain

FILE = "thresholds.json"
LARGEST = 2**24
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Cost = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_CLASSES: TypeAdapter[dict[str, float]] = TypeAdapter(dict[str, Probability])


class Costs(BaseModel):
    """What an answer costs, in any unit: `pairs` is true class -> answer -> cost, `wrong` holds for all other pairs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    unsure: Cost = 1.0
    wrong: Cost = 5.0
    pairs: Mapping[str, Mapping[str, Cost]] = {}

    @classmethod
    def load(cls, file: Path, classes: Iterable[str]) -> "Costs":
        """Read them from JSON. Raises FinetunerError when they are damaged or name a class that is none of these."""
        try:
            costs = cls.model_validate_json(read_document(file, LARGEST))
        except ValidationError as error:
            raise FinetunerError(f"The costs {file} cannot be used: {explain(error)}", _FORM) from error
        except (OSError, ValueError) as error:
            raise FinetunerError(f"The costs {file} cannot be read: {error}.", _FORM) from error
        _refuse_strangers({*costs.pairs, *(name for row in costs.pairs.values() for name in row)}, classes)
        return costs

    def of(self, truth: str, answer: str) -> float:
        """What it costs to answer so where that is the truth; a right answer costs nothing."""
        return 0.0 if truth == answer else self.pairs.get(truth, {}).get(answer, self.wrong)


class Thresholds(BaseModel):
    """By class name; a class that is not named is always answered. `costs`: what they were proposed from last."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Literal[1] = 1
    classes: Mapping[str, Probability] = {}
    costs: Costs | None = None

    @classmethod
    def load(cls, run: Path) -> "Thresholds":
        """Those of a run folder; none where it has no file. Raises FinetunerError when the file is damaged."""
        file = run / FILE
        try:
            return cls.model_validate_json(read_document(file, LARGEST)) if file.exists() else cls()
        except (OSError, ValueError) as error:  # pydantic's is a ValueError
            step = f"Forget them: finetuner thresholds {run} --reset"
            raise FinetunerError(f"The thresholds {file} cannot be read.", step) from error

    @classmethod
    def parse(cls, text: str, classes: Iterable[str]) -> "Thresholds":
        """Those in an exported file's metadata. Raises ValueError when they are none, or of other classes."""
        try:
            found = cls(classes=_CLASSES.validate_json(text))
            _refuse_strangers(found.classes, classes)
        except FinetunerError as error:
            raise ValueError(error.sentence) from error
        return found

    def save(self, run: Path) -> None:
        """Write `RUN/thresholds.json`. Raises OSError, leaving the old file."""
        write_text(run / FILE, json.dumps(self.model_dump(mode="json"), indent=1))

    def as_metadata(self) -> str:
        """What `parse` reads."""
        return json.dumps(dict(self.classes))

    def of(self, label: str) -> float:
        """The least probability with which this class is answered."""
        return self.classes.get(label, 0.0)

    def unsure(self, label: str, probability: float) -> bool | None:
        """Whether this best class is too improbable to be answered; None where the model has no thresholds."""
        return probability < self.of(label) if self.classes else None

    def changed(self, values: Mapping[str, float]) -> "Thresholds":
        """The same but for these classes; a threshold of 0 is none. Raises FinetunerError for what is no share."""
        wrong = next((value for value in values.values() if not 0 <= value <= 1), None)
        if wrong is not None:
            raise FinetunerError(f"{wrong:g} is no probability.", "A threshold lies between 0 and 1.")
        merged = {**self.classes, **values}
        return self.model_copy(update={"classes": {name: value for name, value in merged.items() if value > 0}})

    def checked(self, classes: Iterable[str]) -> "Thresholds":
        """These. Raises FinetunerError when they speak of a class that is none of `classes`."""
        _refuse_strangers(self.classes, classes)
        return self


_FORM = 'They look like: {"unsure": 1, "wrong": 5, "pairs": {"TRUE CLASS": {"ANSWER": 20}}}.'


def _refuse_strangers(named: Iterable[str], classes: Iterable[str]) -> None:
    known = dict.fromkeys(classes)
    stranger = next((name for name in named if name not in known), None)
    if stranger is not None:
        names = ", ".join(repr(name) for name in [*known][:10])
        raise FinetunerError(f"The model has no class {stranger!r}.", f"It knows: {names}.")
