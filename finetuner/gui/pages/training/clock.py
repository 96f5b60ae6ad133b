"""Where in the run an optimiser step lies, in epochs: phases may have epochs of different lengths."""

from finetuner.engine.events import BatchEnded, EpochEnded


class Clock:
    """Fed with what happens; `at(batch)` is 2.5 in the middle of the third epoch."""

    def __init__(self, epochs: int = 1) -> None:
        self.epochs = max(epochs, 1)
        self._epoch = 0
        self._before = 0
        self._length = 1.0
        self._last = 0

    def at(self, batch: BatchEnded) -> float:
        """Epochs done after this step, never beyond the epoch it belongs to."""
        if batch.epoch != self._epoch:
            self._begin(batch)
        self._last = batch.step
        share = (batch.step - self._before) / self._length
        return batch.epoch - 1 + min(max(share, 0.0), 1.0)

    def end(self, epoch: EpochEnded) -> None:
        """An epoch is over."""
        self._before = self._last

    def _begin(self, batch: BatchEnded) -> None:
        self._epoch = batch.epoch
        self._before = min(self._before, batch.step - 1)
        self._length = max((batch.steps - self._before) / max(self.epochs - batch.epoch + 1, 1), 1.0)
