import pytest

from finetuner.engine.events import BatchEnded, EpochEnded
from finetuner.gui.pages.training.clock import Clock


def batch(step: int, epoch: int, steps: int) -> BatchEnded:
    return BatchEnded(
        step=step, steps=steps, epoch=epoch, loss=1, rates=(), images_per_second=1, seconds_left=1, memory_mb=1
    )


def epoch_end(epoch: int) -> EpochEnded:
    return EpochEnded(
        epoch=epoch, epochs=3, train_loss=1, val_loss=1, val_accuracy=1, rates=(), images_per_second=1, seconds=1,
        best=False,
    )  # fmt: skip


def test_steps_of_equal_epochs_lie_evenly():
    clock = Clock(2)
    assert [clock.at(batch(step, 1 + (step > 4), 8)) for step in (2, 4)] == [0.5, 1.0]


def test_a_first_epoch_of_one_step_is_still_a_whole_epoch():
    clock = Clock(3)
    clock.at(batch(1, 1, 21))
    clock.end(epoch_end(1))
    assert clock.at(batch(6, 2, 21)) == pytest.approx(1.5)
    assert clock.at(batch(11, 2, 21)) == pytest.approx(2.0)


def test_a_step_never_lies_beyond_its_epoch():
    clock = Clock(3)
    assert clock.at(batch(30, 1, 30)) == 1.0
