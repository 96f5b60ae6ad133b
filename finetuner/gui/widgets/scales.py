"""From a value to a pixel and back."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """`low` lies at pixel `start`, `high` at pixel `end`; on a logarithmic scale both are positive."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value; on a logarithmic scale what is not positive lies at `start`."""
        if self.log and value <= 0:
            return self.start
        low, high = self._measure(self.low), self._measure(self.high)
        share = (self._measure(value) - low) / (high - low) if high > low else 0.5
        return self.start + share * (self.end - self.start)

    def value(self, pixel: float) -> float:
        """The value at a pixel."""
        share = (pixel - self.start) / (self.end - self.start) if self.end != self.start else 0.0
        low, high = self._measure(self.low), self._measure(self.high)
        measure = low + share * (high - low)
        return 10.0**measure if self.log else measure

    def _measure(self, value: float) -> float:
        return math.log10(value) if self.log else value


def roomy(values: list[float], bounds: tuple[float | None, float | None], log: bool) -> tuple[float, float]:
    """A range around `values` with some air, kept within `bounds`; never empty."""
    if log:
        positive = [value for value in values if value > 0] or [1e-4, 1e-2]
        return min(positive) / 1.6, max(positive) * 1.6
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    air = (high - low) * 0.08 or abs(high) * 0.1 or 0.5
    floor, ceiling = bounds
    low = low - air if floor is None else max(low - air, floor)
    high = high + air if ceiling is None else min(high + air, ceiling)
    return (low, high) if high > low else (low - air, high + air)


def spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions in ascending order, at least `gap` apart and within `low`..`high` where they fit, near `wanted`."""
    placed: list[float] = []
    for position in wanted:
        placed.append(max(position, placed[-1] + gap) if placed else max(position, low))
    ceiling = high
    for index in reversed(range(len(placed))):
        placed[index] = max(min(placed[index], ceiling), low)
        ceiling = placed[index] - gap
    return placed
