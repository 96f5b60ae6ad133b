"""How fast bytes come, and how long it will take yet."""

import time
from collections import deque
from collections.abc import Callable

from finetuner.engine.events import Progress

WINDOW_SECONDS = 5.0


class Pace:
    """Progress with the rate of the last seconds: a stall shows at once, and what lay there before does not count."""

    def __init__(self, activity: str, total: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._activity, self._total, self._clock = activity, total, clock
        self._seen: deque[tuple[float, int]] = deque()

    def progress(self, done: int) -> Progress:
        """`done` bytes are there now."""
        rate = self._rate(self._clock(), done)
        left = (self._total - done) / rate if self._total and rate else None
        return Progress(
            activity=self._activity, done=done, total=self._total, rate=rate, seconds_left=left, unit="bytes"
        )

    def _rate(self, now: float, done: int) -> float | None:
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()  # begun anew
        self._seen.append((now, done))
        while self._seen[0][0] < now - WINDOW_SECONDS:
            self._seen.popleft()
        since, before = self._seen[0]
        return (done - before) / (now - since) if now > since else None
