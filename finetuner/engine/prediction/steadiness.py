"""Answers that do not flicker: how far they are averaged, and when another class may take over."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from finetuner.engine.job import Part


class SteadinessPart(Part):
    """How steady the answers to moving pictures are; all zero: each frame speaks for itself."""

    smoothing: float = Field(
        0.4, ge=0, le=10, title="Average over", description="Seconds after which a change has arrived to 63 %."
    )
    lead: float = Field(
        0.2, ge=0, le=1, title="Lead", description="Another class takes over at once when it leads by so much (0 to 1)."
    )
    hold: float = Field(
        0.5, ge=0, le=10, title="Hold", description="Seconds of leading by less after which it takes over, too."
    )


STILL = SteadinessPart(smoothing=0, lead=0, hold=0)
"""For pictures that do not follow from each other."""


class Hysteresis:
    """The class that stands, so that two of about the same probability do not take turns.

    Another takes over at once when it leads the standing one by `lead`, else when the standing one has not been the
    likeliest for `hold` seconds.
    """

    def __init__(self, lead: float, hold: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._lead, self._hold, self._clock = lead, hold, clock
        self._standing: int | None = None
        self._last_led = 0.0

    def choose(self, shares: NDArray[np.floating[Any]]) -> int:
        """The number of the class that stands, given these C probabilities."""
        best, now = int(shares.argmax()), self._clock()
        if self._standing is None or best == self._standing or self._takes_over(shares, best, now):
            self._standing, self._last_led = best, now
        return self._standing

    def _takes_over(self, shares: NDArray[np.floating[Any]], best: int, now: float) -> bool:
        return bool(shares[best] - shares[self._standing] >= self._lead) or now - self._last_led >= self._hold
