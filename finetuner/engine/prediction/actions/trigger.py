"""When a label that is shown counts."""

import time

from finetuner.engine.prediction.actions.action import ActionsPart
from finetuner.engine.prediction.stream import Clock, LiveAnswer


class Trigger:
    """`fires(answer)`: at once when the wanted label comes, then at most every so many seconds."""

    def __init__(self, options: ActionsPart, clock: Clock = time.monotonic) -> None:
        self._options, self._clock = options, clock
        self._last = float("-inf")

    def fires(self, answer: LiveAnswer) -> bool:
        """Whether something is to happen now. An answer that is unsure never counts."""
        wanted = self._options.when_label
        meant = answer.state == "answered" and wanted in ("", answer.label)
        now = self._clock()
        if not meant or answer.probability < self._options.least or now - self._last < self._options.every:
            return False
        self._last = now
        return True
