"""Where a run stands; everything a resume needs beside tensors."""

import time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

Count = Annotated[int, Field(ge=0, lt=2**53)]


class Position(BaseModel):
    """Counts from the run's start. `batch` is the next batch of `epoch` (from 0); sums are the epoch's own.

    `seconds` is all the time that the run has taken, `setup_seconds` what of it passed before training began, and
    `learning_seconds` that of its steps alone.
    """

    model_config = ConfigDict(ser_json_inf_nan="constants")

    step: Count = 0
    epoch: Count = 0
    batch: Count = 0
    loss_sum: float = 0.0
    images: Count = 0
    seconds: float = 0.0
    setup_seconds: float = 0.0
    learning_seconds: float = 0.0
    epoch_seconds: float = 0.0
    best_epoch: Count = 0
    best_accuracy: float = -1.0
    best_loss: float = float("inf")
    last_loss: float = float("nan")
    images_total: Count = 0
    threads: int = Field(0, ge=0, le=1024)
    precision: str = Field("", pattern="^(fp32|bf16|fp16)?$")
    batch_size: int = Field(0, ge=0, le=4096)
    compiled: bool = False
    _looked: float = PrivateAttr(default_factory=time.monotonic)

    def look_at_clock(self, counts: bool = True) -> None:
        """Add the time since the last look; not if it does not count, as that of a pause."""
        now = time.monotonic()
        self.seconds += (now - self._looked) * counts
        self._looked = now

    def ready(self, since: float) -> None:
        """All is set up; what passed since the run stood at `since` seconds was no training."""
        self.look_at_clock()
        self.setup_seconds += self.seconds - since

    def spent(self, limit: float | None) -> float:
        """How much of a time limit is used up, from 0 to 1 and beyond; 0 where there is none."""
        self.look_at_clock()
        return (self.seconds - self.setup_seconds) / limit if limit else 0.0

    def count(self, loss: float, images: int, seconds: float) -> None:
        """Add one optimiser step."""
        self.step += 1
        self.batch += 1
        self.loss_sum += loss * images
        self.images += images
        self.images_total += images
        self.learning_seconds += seconds
        self.epoch_seconds += seconds

    def judge(self, accuracy: float, loss: float) -> bool:
        """Whether this epoch is the best so far: by accuracy, then by loss."""
        best = (accuracy, -loss) > (self.best_accuracy, -self.best_loss)
        if best:
            self.best_epoch, self.best_accuracy, self.best_loss = self.epoch + 1, accuracy, loss
        return best

    def next_epoch(self) -> None:
        """Begin the next epoch with empty sums."""
        self.epoch += 1
        self.batch, self.loss_sum, self.images, self.epoch_seconds = 0, 0.0, 0, 0.0

    @property
    def train_loss(self) -> float:
        """Mean loss over this epoch's images so far."""
        return self.loss_sum / self.images if self.images else float("nan")

    @property
    def images_per_second(self) -> float:
        """This epoch's speed."""
        return self.images / self.epoch_seconds if self.epoch_seconds else 0.0
