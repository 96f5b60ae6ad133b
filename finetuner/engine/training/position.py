"""Where a run stands; everything a resume needs beside tensors."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0, lt=2**53)]


class Position(BaseModel):
    """Counts from the run's start. `batch` is the next batch of `epoch` (from 0); sums are the epoch's own."""

    model_config = ConfigDict(ser_json_inf_nan="constants")

    step: Count = 0
    epoch: Count = 0
    batch: Count = 0
    loss_sum: float = 0.0
    images: Count = 0
    seconds: float = 0.0
    epoch_seconds: float = 0.0
    best_epoch: Count = 0
    best_accuracy: float = -1.0
    best_loss: float = float("inf")
    last_loss: float = float("nan")
    images_total: Count = 0
    threads: int = Field(0, ge=0, le=1024)
    precision: str = Field("", pattern="^(fp32|bf16|fp16)?$")
    batch_size: int = Field(0, ge=0, le=4096)

    def count(self, loss: float, images: int, seconds: float) -> None:
        """Add one optimiser step."""
        self.step += 1
        self.batch += 1
        self.loss_sum += loss * images
        self.images += images
        self.images_total += images
        self.seconds += seconds
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
