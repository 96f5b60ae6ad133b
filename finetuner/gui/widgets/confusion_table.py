"""What a confusion matrix shows: how many images of each class got which answer."""

from dataclasses import dataclass

from finetuner.gui.widgets.ticks import write_percent

Cell = tuple[int, int]
"""The number of the true class, and that of the predicted one."""


@dataclass(frozen=True)
class ConfusionTable:
    """A square of counts, rows (truth) and columns (answer) in the order of `classes`."""

    classes: tuple[str, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.classes)

    def count(self, cell: Cell) -> int:
        """How many images are behind a cell."""
        truth, predicted = cell
        return self.counts[truth][predicted]

    def share(self, cell: Cell) -> float:
        """The share of a class's images that got this answer; 0 for a class without images."""
        total = sum(self.counts[cell[0]])
        return self.count(cell) / total if total else 0.0

    def in_words(self, cell: Cell) -> str:
        """`ants: 4 of 70 (5.7 %) taken for bees`."""
        truth, predicted = cell
        verb = "recognised" if truth == predicted else f"taken for {self.classes[predicted]}"
        told = f"{self.count(cell):,} of {sum(self.counts[truth]):,} ({write_percent(self.share(cell))})"
        return f"{self.classes[truth]}: {told} {verb}"

    def clamped(self, cell: Cell) -> Cell:
        """The cell, or the nearest one that there is."""
        truth, predicted = (max(0, min(number, len(self) - 1)) for number in cell)
        return truth, predicted
