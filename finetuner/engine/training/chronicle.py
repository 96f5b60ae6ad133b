"""Puts what happened in a run into events."""

from finetuner.engine.events import BatchEnded, EpochEnded, PlanDrawn, RunEnded, RunStarted
from finetuner.engine.strategies.plan import Plan, Rates
from finetuner.engine.training.memory import memory_mb
from finetuner.engine.training.position import Position
from finetuner.engine.training.setting import Setting
from finetuner.engine.training.timetable import Timetable


def run_started(setting: Setting, position: Position) -> RunStarted:
    """All is set up."""
    return RunStarted(
        run=str(setting.run.path),
        classes=setting.classes,
        train_images=len(setting.train),
        val_images=len(setting.val),
        backbone=setting.network.name,
        strategy=setting.strategy,
        epochs=setting.plan.epochs,
        batch_size=setting.batch_size,
        image_size=setting.network.preprocessing.input_size,
        device=str(setting.device),
        precision=setting.precision,
        resumed_at=position.epoch,
    )


def plan_drawn(plan: Plan, block_parameters: tuple[int, ...]) -> PlanDrawn:
    """The strategy's table."""
    return PlanDrawn(
        blocks=plan.blocks,
        block_parameters=block_parameters,
        phases=plan.rows(),
        batch_norm=plan.batch_norm,
        epochs=plan.epochs,
    )


def batch_ended(setting: Setting, position: Position, timetable: Timetable, loss: float, rates: Rates) -> BatchEnded:
    """One optimiser step; the time left is told from this epoch's speed."""
    done = timetable.before(position.epoch) + position.batch
    return BatchEnded(
        step=done,
        steps=timetable.steps,
        epoch=position.epoch + 1,
        loss=loss,
        rates=rates,
        images_per_second=position.images_per_second,
        seconds_left=(timetable.steps - done) * position.epoch_seconds / max(position.batch, 1),
        memory_mb=memory_mb(setting.device),
    )


def epoch_ended(
    setting: Setting, position: Position, rates: Rates, val_loss: float, val_accuracy: float, best: bool
) -> EpochEnded:
    """An epoch and what its validation gave; `position` still stands in it."""
    return EpochEnded(
        epoch=position.epoch + 1,
        epochs=setting.plan.epochs,
        train_loss=position.train_loss,
        val_loss=val_loss,
        val_accuracy=val_accuracy,
        rates=rates,
        images_per_second=position.images_per_second,
        seconds=position.epoch_seconds,
        best=best,
    )


def diverged(position: Position) -> RunEnded:
    """The loss is no number any more."""
    kept = f" The best model, of epoch {position.best_epoch}, is kept." if position.best_epoch else ""
    return RunEnded(
        status="failed",
        sentence=f"The loss was no longer a number at epoch {position.epoch + 1}, step {position.step + 1}.{kept}",
        next_step="Train again with a lower learning rate (a third of it is a good try), or in fp32.",
    )


def out_of_patience(position: Position, patience: int) -> RunEnded:
    """Early stopping."""
    return RunEnded(
        status="done",
        sentence=f"Stopped early: no better epoch in the last {patience}. The best was epoch {position.best_epoch}.",
    )


def out_of_time(position: Position, limit: float) -> RunEnded:
    """The time limit is reached."""
    return RunEnded(
        status="done",
        sentence=f"Stopped after {limit:g} seconds of training, in epoch {position.epoch}. The best was epoch"
        f" {position.best_epoch}.",
    )


def stopped(position: Position) -> RunEnded:
    """The user had enough."""
    kept = "the best model so far is kept" if position.best_epoch else "no epoch was complete, so there is no model yet"
    return RunEnded(status="stopped", sentence=f"Stopped; {kept}.", next_step="Resume goes on from here.")


def done(position: Position) -> RunEnded:
    """The plan is fulfilled."""
    return RunEnded(status="done", sentence=f"Done. The best model is that of epoch {position.best_epoch}.")
