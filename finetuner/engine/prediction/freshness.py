"""Which live answers still speak of what the camera sees."""

import time

from finetuner.engine.prediction.stream import Clock, LiveAnswer

OLDEST = 1.9
"""In inference times: what is left of two is for putting on the screen what lies ready."""
A_REFRESH = 1 / 60
"""In seconds: as long as that, a screen shows nothing newer, however quick the model is."""
PATIENCE = 0.5
"""Seconds without a fresh answer, after which a late one is told together with how late it is."""


class Freshness:
    """Ask `allows(answer)` as late as possible: when all is ready to be put on the screen."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._fresh = float("-inf")
        self.late = 0

    def allows(self, answer: LiveAnswer) -> bool:
        """Whether its frame is young enough to pass for what is seen now; those that are not are counted in `late`."""
        now = self._clock()
        if now - answer.arrived > max(OLDEST * answer.milliseconds / 1000, A_REFRESH):
            self.late += 1
            return False
        self._fresh = now
        return True

    def behind(self, answer: LiveAnswer) -> float:
        """How many seconds ago its frame came; 0 while the next answer may well be in time, as there was one lately."""
        now = self._clock()
        return now - answer.arrived if now - self._fresh >= PATIENCE else 0.0
