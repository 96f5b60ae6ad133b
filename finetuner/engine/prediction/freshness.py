"""Which live answers still speak of what the camera sees."""

import time

from finetuner.engine.prediction.stream import Clock, LiveAnswer

OLDEST = 1.6
"""In inference times, so that it is on the screen before two have passed."""
PATIENCE = 0.5
"""Seconds after which a late answer is better than the one on the screen, which is later still."""


class Freshness:
    """`allows(answer)`: whether to show it. A late one gives way to the next, while there was one lately."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._shown = float("-inf")
        self.late = 0

    def allows(self, answer: LiveAnswer) -> bool:
        """False for an answer whose frame is older than `OLDEST` inference times; those are counted in `late`."""
        now = self._clock()
        age = now - answer.arrived
        if age * 1000 > OLDEST * answer.milliseconds and now - self._shown < PATIENCE:
            self.late += 1
            return False
        self._shown = now
        return True
