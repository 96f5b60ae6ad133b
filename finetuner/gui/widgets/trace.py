"""A growing line of measurements: peaks are kept, memory and painting stay bounded however long a run takes."""

import bisect
from dataclasses import dataclass, field

MOST_DRAWN = 300
MOST_KEPT = 1200


@dataclass
class Trace:
    """Points with ascending `xs`. `smoothing` is the weight of the past in the smoothed line, 0 for none."""

    smoothing: float = 0.0
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)
    smooth: list[float] = field(default_factory=list)
    _weighted: float = 0.0
    _seen: int = 0

    def append(self, x: float, y: float) -> None:
        """Add a measurement; one that steps back in x (a resumed run) replaces all from there on."""
        if self.xs and x <= self.xs[-1]:
            self._keep(range(bisect.bisect_left(self.xs, x)))
            self._seen = len(self.xs)
            self._weighted = self.smooth[-1] * self._bias() if self.xs else 0.0
        self._seen += 1
        self._weighted = self.smoothing * self._weighted + (1 - self.smoothing) * y
        self.xs.append(x)
        self.ys.append(y)
        self.smooth.append(self._weighted / self._bias())
        if len(self.xs) > MOST_KEPT:
            self._keep(peaks(self.ys, MOST_KEPT // 2))

    def nearest(self, x: float) -> int:
        """The index of the point nearest to `x`; the trace must not be empty."""
        right = bisect.bisect_left(self.xs, x)
        candidates = [index for index in (right - 1, right) if 0 <= index < len(self.xs)]
        return min(candidates, key=lambda index: abs(self.xs[index] - x))

    def _bias(self) -> float:
        return 1 - self.smoothing**self._seen

    def _keep(self, indices: range | list[int]) -> None:
        for values in (self.xs, self.ys, self.smooth):
            values[:] = [values[index] for index in indices]


def peaks(ys: list[float], most: int = MOST_DRAWN) -> range | list[int]:
    """Indices of at most `most` points (plus the last) that keep every peak: the extremes of equal stretches."""
    if len(ys) <= most:
        return range(len(ys))
    stretch = -(-2 * len(ys) // most)
    kept: list[int] = []
    for start in range(0, len(ys), stretch):
        indices = range(start, min(start + stretch, len(ys)))
        kept += sorted({min(indices, key=ys.__getitem__), max(indices, key=ys.__getitem__)})
    return kept if kept[-1] == len(ys) - 1 else [*kept, len(ys) - 1]
