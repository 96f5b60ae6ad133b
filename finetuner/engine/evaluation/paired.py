"""How far apart two shares are that were counted on the same images (Newcombe, 1998, method 10)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from finetuner.engine.evaluation.intervals import Interval, wilson


@dataclass(frozen=True)
class Pairs:
    """Images by who named them rightly: both, only one of the two, or neither."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @classmethod
    def counted(cls, hits: Sequence[tuple[bool, bool]]) -> "Pairs":
        """From (first is right, second is right) of each image."""
        return cls(*(hits.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))))

    @property
    def images(self) -> int:
        """How many there are."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def first(self) -> float:
        """The first one's share of right answers; 0 without images."""
        return (self.both + self.only_first) / self.images if self.images else 0.0

    @property
    def second(self) -> float:
        """The second one's."""
        return (self.both + self.only_second) / self.images if self.images else 0.0

    @property
    def difference(self) -> float:
        """How much better the second is, from -1 to 1."""
        return self.second - self.first

    @property
    def interval(self) -> Interval:
        """The 95 % interval of the difference: those of the two shares, less what they have in common."""
        if not self.images:
            return -1.0, 1.0
        low1, high1 = wilson(self.both + self.only_first, self.images)
        low2, high2 = wilson(self.both + self.only_second, self.images)
        below = _joined(self.second - low2, high1 - self.first, self._correlation)
        above = _joined(high2 - self.second, self.first - low1, self._correlation)
        return max(-1.0, self.difference - below), min(1.0, self.difference + above)

    @property
    def _correlation(self) -> float:
        """Phi of the table of two by two, corrected for continuity where it is positive; 0 where a margin is empty."""
        a, b, c, d = self.both, self.only_first, self.only_second, self.neither
        margins = (a + b) * (c + d) * (a + c) * (b + d)
        if not margins:
            return 0.0
        product = a * d - b * c
        return (max(product - self.images / 2, 0) if product > 0 else product) / math.sqrt(margins)


def _joined(one: float, other: float, correlation: float) -> float:
    return math.sqrt(max(one * one - 2 * correlation * one * other + other * other, 0.0))
