"""A run that never was: its events, and its folder as a real one would leave it."""

import math
import os
import time
from collections.abc import Iterator
from pathlib import Path

from finetuner.engine.events import (
    BatchEnded,
    EpochEnded,
    Event,
    PhaseRow,
    PhaseStarted,
    PlanDrawn,
    RunEnded,
    RunStarted,
    TrainSummary,
)
from finetuner.engine.job import Job
from finetuner.engine.run_store.run_folder import RunFolder

EPOCHS = 12
STEPS = 8
BLOCKS = ("stem", "stage 1", "stage 2", "stage 3", "stage 4", "stage 5", "head")
CLASSES = ("ants", "bees")


def events(run: Path, until: int = EPOCHS) -> Iterator[Event]:
    """LP-FT on two classes, up to and with epoch `until`."""
    yield PlanDrawn(
        blocks=BLOCKS,
        block_parameters=(928, 14_000, 88_000, 304_000, 540_000, 1_270_000, 2_562),
        phases=(
            PhaseRow(start=0, title="Probe", rates=(None,) * 6 + (1e-2,)),
            PhaseRow(start=4, title="Fine-tune", rates=tuple(1e-4 * 1.8**i for i in range(7))),
        ),
        batch_norm="frozen",
        epochs=EPOCHS,
    )
    yield RunStarted(
        run=str(run), classes=CLASSES, train_images=245, val_images=153, backbone="mobilenetv2_100", strategy="lp-ft",
        epochs=EPOCHS, batch_size=32, image_size=224, device="cpu", precision="bf16",
    )  # fmt: skip
    for epoch in range(1, until + 1):
        if epoch in (1, 5):
            yield PhaseStarted(index=epoch // 5, title="Probe" if epoch == 1 else "Fine-tune", epoch=epoch)
        yield from _epoch(epoch)
    if until == EPOCHS:
        yield RunEnded(status="done", sentence="Done: 96.1 % of 153 validation images.", summary=summary(run))


def summary(run: Path) -> TrainSummary:
    """The figures the run ends with."""
    return TrainSummary(
        run=str(run), classes=CLASSES, epochs=EPOCHS, best_epoch=10,
        val_accuracy=0.9608, val_accuracy_interval=(0.917, 0.982), val_loss=0.121,
        train_images=245, val_images=153, seconds=74.0, images_per_second=51.0, device="cpu",
        precision="bf16", strategy="lp-ft", backbone="mobilenetv2_100",
    )  # fmt: skip


def finished(root: Path, data: Path) -> Path:
    """Two finished runs and an interrupted one, in folders inside `root`. Returns the newest finished one."""
    job = Job().changed(data=data, strategy="lp-ft", backbone="mobilenetv2_100", epochs=EPOCHS)
    _write(RunFolder.create(root / f"{data.name}-gradual", job.changed(strategy="gradual")), 7, 0.006, hours=25)
    _write(RunFolder.create(root / f"{data.name}-probe", job.changed(strategy="probe")), EPOCHS, 0.0196, hours=2)
    _write(RunFolder.create(root / f"{data.name}-lp-ft-2", job), EPOCHS, 0.0, hours=0)
    return root / f"{data.name}-lp-ft-2"


def _write(run: RunFolder, until: int, behind: float, hours: int) -> None:
    """A run `behind` the best one in accuracy, started so many hours ago."""
    for number, event in enumerate(events(run.path, until)):
        run.events.append(_worse(event, behind), step=number, seconds=float(number))
    started = time.time() - hours * 3600
    os.utime(run.job_file, (started, started))


def _worse(event: Event, behind: float) -> Event:
    changes: dict[str, object]
    match event:
        case EpochEnded():
            changes = {"val_accuracy": event.val_accuracy - behind, "val_loss": event.val_loss + 3 * behind}
            return event.model_copy(update=changes)
        case RunEnded(summary=TrainSummary() as figures):
            low, high = figures.val_accuracy_interval
            changes = {
                "val_accuracy": figures.val_accuracy - behind,
                "val_accuracy_interval": (low - 1.2 * behind, high - 0.6 * behind),
                "val_loss": figures.val_loss + 3 * behind,
            }
            return event.model_copy(update={"summary": figures.model_copy(update=changes)})
    return event


def _epoch(epoch: int) -> Iterator[Event]:
    rates = (None,) * 6 + (1e-2,) if epoch < 5 else tuple(1e-4 * 1.8**i * (1 - epoch / 14) for i in range(7))
    for step in range(1, STEPS + 1):
        done = (epoch - 1) * STEPS + step
        loss = 0.1 + 0.6 * math.exp(-done / 18) + 0.05 * math.sin(done * 2.4) * math.exp(-done / 60)
        yield BatchEnded(
            step=done, steps=EPOCHS * STEPS, epoch=epoch, loss=loss, rates=rates, images_per_second=51.0,
            seconds_left=(EPOCHS * STEPS - done) * 0.8, memory_mb=612.0,
        )  # fmt: skip
    yield EpochEnded(
        epoch=epoch, epochs=EPOCHS, train_loss=0.1 + 0.6 * math.exp(-epoch / 2.4),
        val_loss=0.12 + 0.5 * math.exp(-epoch / 2.1) + 0.01 * math.sin(epoch),
        val_accuracy=0.961 - 0.42 * math.exp(-epoch / 1.7) + 0.006 * math.sin(epoch * 1.9), rates=rates,
        images_per_second=51.0, seconds=6.1, best=epoch == 10,
    )  # fmt: skip
