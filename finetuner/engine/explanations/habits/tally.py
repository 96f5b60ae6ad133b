"""What was seen of one class."""

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from finetuner.engine.events import PredictionRow
from finetuner.engine.explanations.habits.places import CELLS


@dataclass
class Tally:
    """One row for each image: its answer; besides, where the attention lies, and what decides.

    `asked` and `decided`: the images, by path, of which it was found out whether a place decides, and those it decides.
    """

    rows: list[PredictionRow] = field(default_factory=list)
    attention: list[dict[str, float]] = field(default_factory=list)
    asked: dict[str, set[str]] = field(default_factory=dict)
    decided: dict[str, set[str]] = field(default_factory=dict)
    heat: Tensor | None = None
    photo: Tensor | None = None

    def add(self, row: PredictionRow, shown: Tensor, heat: Tensor, places: dict[str, Tensor]) -> None:
        """An image S,S,3 from 0 to 1 with its map CELLS,CELLS. A map of zeros says nothing of places."""
        self.rows.append(row)
        self.photo = shown if self.photo is None else self.photo + shown
        total = float(heat.sum())
        if total > 0:
            heat = heat / total
            self.heat = heat if self.heat is None else self.heat + heat
            self.attention.append({name: float(heat[place].sum()) for name, place in places.items()})

    def note(self, image: str, place: str, decides: bool | None) -> None:
        """Whether a place of the image decides; None where it cannot be told."""
        if decides is not None:
            self.asked.setdefault(place, set()).add(image)
            self.decided.setdefault(place, set()).update({image} if decides else ())

    @property
    def n(self) -> int:
        """How many images were looked at."""
        return len(self.rows)

    @property
    def right(self) -> list[Path]:
        """The images that are answered rightly."""
        return [Path(row.source) for row in self.rows if row.label == row.truth]

    @property
    def mean_photo(self) -> Tensor:
        """The average photo, S,S,3 from 0 to 1."""
        assert self.photo is not None
        return self.photo / len(self.rows)

    @property
    def mean_heat(self) -> Tensor:
        """The average map; every image counts the same. Zeros where nothing spoke for the class in any."""
        return torch.zeros(CELLS, CELLS) if self.heat is None else self.heat / len(self.attention)

    def decided_by(self, place: str) -> list[PredictionRow]:
        """The images that this place decides."""
        return [row for row in self.rows if row.source in self.decided.get(place, ())]

    def told(self, place: str) -> int:
        """Of how many images it could be told whether the place decides."""
        return len(self.asked.get(place, ()))
