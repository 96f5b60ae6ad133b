"""Is one model better than another? Both were asked about the same images.

McNemar's test (1947), exact: of the images that only one of them named rightly, each would be either's with equal
chance if the two were equally good. How far apart they are is a difference of paired shares (evaluation/paired.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb

from finetuner.engine.evaluation.paired import Pairs
from finetuner.engine.events import PredictionRow

SIGNIFICANT = 0.05
Change = tuple[PredictionRow, PredictionRow]


@dataclass(frozen=True)
class ClassDifference:
    """What two models make of the `pairs.images` images of one class."""

    name: str
    pairs: Pairs


@dataclass(frozen=True)
class Comparison:
    """Two models on images that both answered. `changed` pairs their answers where these differ."""

    pairs: Pairs
    per_class: tuple[ClassDifference, ...]
    changed: tuple[Change, ...]

    @property
    def p_value(self) -> float:
        """How likely a difference as large as this one is by chance alone."""
        return exact_mcnemar(self.pairs.only_first, self.pairs.only_second)

    @property
    def lost(self) -> tuple[Change, ...]:
        """What the first names rightly and the second wrongly; where both were surest first."""
        return _surest(change for change in self.changed if _right(change[0], change[1].truth))

    @property
    def won(self) -> tuple[Change, ...]:
        """What the second names rightly and the first wrongly."""
        return _surest(change for change in self.changed if _right(change[1], change[1].truth))

    @property
    def sentence(self) -> str:
        """What the test says, in words."""
        return self.told("the first", "the second")

    @property
    def better(self) -> int:
        """0 or 1: which of the two the test finds better; -1 where it cannot tell."""
        if self.p_value >= SIGNIFICANT:
            return -1
        return int(self.pairs.only_second > self.pairs.only_first)

    def told(self, first: str, second: str) -> str:
        """The same with these names: `B is better: 14 images only it gets right against 3, p = 0.01`."""
        ours, theirs = self.pairs.only_first, self.pairs.only_second
        proof = f"McNemar's test, p = {_written(self.p_value)}, {self.pairs.images:,} images"
        if not self.pairs.images:
            return "There is no image that both answered: they cannot be compared."
        if self.better >= 0:
            name, more, fewer = (second, theirs, ours) if self.better else (first, ours, theirs)
            return f"{_capital(name)} is better: {more:,} images only it gets right against {fewer:,} ({proof})."
        counts = f"{ours:,} only {first} gets right, {theirs:,} only {second}"
        if not ours + theirs:
            return f"They name the same images rightly: no difference to be seen on {self.pairs.images:,} images."
        if ours == theirs:
            return f"They are equally good here: {counts}, of {self.pairs.images:,} images."
        return f"Their answers differ on too few images to tell them apart: {counts} ({proof})."


def compare(first: Sequence[PredictionRow], second: Sequence[PredictionRow]) -> Comparison:
    """Two tables of answers, matched by file; a truth that was changed in between is taken from the second."""
    known = {row.source: row for row in first}
    return of_changes([(known[row.source], row) for row in second if row.source in known])


def of_changes(pairs: Sequence[Change]) -> Comparison:
    """Two answers to each image, whose truth is that of the second."""
    hits = [(two.truth or "", _right(one, two.truth), _right(two, two.truth)) for one, two in pairs]
    classes = sorted({name for name, _, _ in hits})
    return Comparison(
        pairs=Pairs.counted([(one, two) for _, one, two in hits]),
        per_class=tuple(
            ClassDifference(name, Pairs.counted([(one, two) for truth, one, two in hits if truth == name]))
            for name in classes
        ),
        changed=tuple((one, two) for one, two in pairs if one.label != two.label),
    )


def exact_mcnemar(only_first: int, only_second: int) -> float:
    """The two-sided p-value of a fair coin that fell so often on either side."""
    n, fewer = only_first + only_second, min(only_first, only_second)
    return min(1.0, 2 * sum(comb(n, k) for k in range(fewer + 1)) / 2**n)


def _right(row: PredictionRow, truth: str | None) -> bool:
    return row.label == truth


def _surest(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Where both were sure there is most to learn."""
    return tuple(sorted(changes, key=lambda change: -change[0].probability * change[1].probability))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _written(p: float) -> str:
    return f"{p:.2f}" if p >= 0.01 else f"{p:.1g}"
