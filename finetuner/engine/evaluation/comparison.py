"""Is one model better than another? Both were asked about the same images.

McNemar's test (1947), exact: of the images that only one of them named rightly, each would be either's with equal
chance if the two were equally good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from finetuner.engine.events import PredictionRow

SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Comparison:
    """Two models on `images` images that both answered. `changed` pairs their answers where these differ."""

    images: int
    both: int
    only_first: int
    only_second: int
    changed: tuple[tuple[PredictionRow, PredictionRow], ...]

    @property
    def p_value(self) -> float:
        """How likely a difference as large as this one is by chance alone."""
        return exact_mcnemar(self.only_first, self.only_second)

    @property
    def sentence(self) -> str:
        """What the test says, in words."""
        told = f"Of {self.images:,} images {self.only_first:,} are named rightly by the first alone, "
        told += f"{self.only_second:,} by the second alone"
        if self.only_first == self.only_second:
            return f"{told}: they are equally good here."
        better = "first" if self.only_first > self.only_second else "second"
        if self.p_value < SIGNIFICANT:
            return f"{told}: the {better} is better (McNemar's test, p = {_written(self.p_value)})."
        return f"{told}: too few to tell them apart (McNemar's test, p = {_written(self.p_value)})."


def compare(first: Sequence[PredictionRow], second: Sequence[PredictionRow]) -> Comparison:
    """Two tables of answers, matched by file; a truth that was changed in between is taken from the second."""
    known = {row.source: row for row in first}
    pairs = [(known[row.source], row) for row in second if row.source in known]
    hits = [(one.label == two.truth, two.label == two.truth) for one, two in pairs]
    return Comparison(
        images=len(pairs),
        both=hits.count((True, True)),
        only_first=hits.count((True, False)),
        only_second=hits.count((False, True)),
        changed=tuple((one, two) for one, two in pairs if one.label != two.label),
    )


def exact_mcnemar(only_first: int, only_second: int) -> float:
    """The two-sided p-value of a fair coin that fell so often on either side."""
    n, fewer = only_first + only_second, min(only_first, only_second)
    return min(1.0, 2 * sum(comb(n, k) for k in range(fewer + 1)) / 2**n)


def _written(p: float) -> str:
    return f"{p:.2f}" if p >= 0.01 else f"{p:.1g}"
