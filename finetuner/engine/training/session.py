"""A run from its first step to its last: phases, epochs, batches, validation, and how it ends."""

import math
import time
from collections.abc import Generator, Iterator

import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.dataset.loader import Loader, TrainLoader
from finetuner.engine.events import (
    BatchEnded,
    Continued,
    EpochEnded,
    Event,
    Notice,
    Paused,
    PhaseStarted,
    PlanDrawn,
    Progress,
    RunEnded,
    RunStarted,
)
from finetuner.engine.strategies.plan import Phase
from finetuner.engine.training.features import compute_features
from finetuner.engine.training.finish import measure_best
from finetuner.engine.training.head_solver import solve_head
from finetuner.engine.training.keeper import Keeper
from finetuner.engine.training.learner import Learner
from finetuner.engine.training.memory import memory_mb
from finetuner.engine.training.schedule import factor, warmup_steps
from finetuner.engine.training.setting import Setting
from finetuner.engine.training.targets import Targets

_EVAL_BATCH = 64
_LOOK_AGAIN = 0.1  # seconds between looks at a paused run's control file


class Session:
    """Walks the plan. `events` is the story; every other method is a chapter of it."""

    def __init__(self, setting: Setting, keeper: Keeper) -> None:
        self.setting, self.keeper = setting, keeper
        job, labels = setting.job, setting.labels
        self.train = TrainLoader(
            setting.cache, setting.train, labels, setting.batch_size, job.augmentation.augmentation, job.compute.seed
        )
        self.fixed = Loader(setting.cache, setting.train, labels, _EVAL_BATCH)
        self.val = Loader(setting.cache, setting.val, labels, _EVAL_BATCH)
        targets = Targets(job, self.train.labels, len(setting.classes), setting.device)
        self.learner = Learner(setting.network, job.optimisation, targets, setting.device, setting.precision)
        self.ending: RunEnded | None = None

    def events(self) -> Generator[Event, None, None]:
        """Train until the plan, the user's patience or the numbers end; then measure the best."""
        self._take_up()
        yield self._started()
        yield self._plan_drawn()
        try:
            while self.ending is None and self.keeper.position.epoch < self.setting.plan.epochs:
                yield from self._epoch()
        except GeneratorExit:
            if self.keeper.behind:
                self.keeper.save(self.learner)
            raise
        yield from self._finish()

    def _take_up(self) -> None:
        """Restore a resumed run; make good what a kill between checkpoint and best left undone."""
        position, setting = self.keeper.position, self.setting
        position.threads = torch.get_num_threads()
        position.precision, position.batch_size = setting.precision, setting.batch_size
        resumed = self.keeper.restore(self.learner)
        if resumed and position.batch == 0 and 0 < position.best_epoch == position.epoch:
            self.keeper.save_best(self.learner, setting.classes)

    def _epoch(self) -> Iterator[Event]:
        plan, position = self.setting.plan, self.keeper.position
        phase = plan.phase_at(position.epoch)
        self.learner.enter(phase, plan.batch_norm)
        if position.epoch == phase.start and position.batch == 0:
            yield PhaseStarted(index=plan.phase_index(position.epoch), title=phase.title, epoch=position.epoch + 1)
        yield from self._solve(phase) if phase.solve else self._steps(phase)
        if self.ending is None:
            yield from self._validate(phase)

    def _solve(self, phase: Phase) -> Iterator[Event]:
        """The frozen network runs once over all images; the head is solved on what it gives."""
        started, parts, total = time.monotonic(), list[Tensor](), len(self.setting.train)
        for done in compute_features(self.learner, self.fixed, parts):
            yield Progress(activity="Computing features", done=done, total=total)
            yield from self._obey()
            if self.ending:
                return
        yield Progress(activity="Solving the head", done=0, total=None)
        features, labels = torch.cat(parts), self.fixed.labels
        weights, seed = self.learner.targets.weights, self.setting.job.compute.seed
        self.learner.set_head(*solve_head(features, labels, len(self.setting.classes), weights, seed))
        loss = float(functional.cross_entropy(self._head(features), labels))
        self.keeper.position.count(loss, total, time.monotonic() - started)

    def _steps(self, phase: Phase) -> Iterator[Event]:
        position, balanced = self.keeper.position, self.setting.job.data.balance == "sampler"
        mark = time.monotonic()
        for images, labels in self.train.epoch(position.epoch, position.batch, balanced):
            rates = self._rates(phase)
            loss = self.learner.step(images, labels, rates, position.epoch, position.batch)
            if not math.isfinite(loss):
                self.ending = self._diverged()
                return
            position.count(loss, len(images), time.monotonic() - mark)
            yield self._batch_ended(loss, rates)
            yield from self._obey()
            if self.ending:
                return
            if self.keeper.overdue and position.batch < self.train.batches:
                yield self.keeper.save(self.learner)
            mark = time.monotonic()

    def _validate(self, phase: Phase) -> Iterator[Event]:
        """Judge the epoch, tell it, make it safe; only then let the best model follow."""
        position = self.keeper.position
        loss, accuracy = self._validation()
        best = position.judge(accuracy, loss) if math.isfinite(loss) else False
        event = self._epoch_ended(phase, loss, accuracy, best)
        position.next_epoch()
        yield event
        yield self.keeper.save(self.learner)
        if best:
            self.keeper.save_best(self.learner, self.setting.classes)
        self._lose_patience()

    def _validation(self) -> tuple[float, float]:
        logits = torch.cat([self.learner.logits(images) for images, _ in self.val.plain()])
        hits = (logits.argmax(1) == self.val.labels).double().mean()
        return float(functional.cross_entropy(logits, self.val.labels)), float(hits)

    def _obey(self) -> Iterator[Event]:
        """What the user asks through the run's control file: wait, go on, or stop."""
        control = self.keeper.run.control
        if control.wish == "pause":
            yield Paused()
            while control.wish == "pause":
                time.sleep(_LOOK_AGAIN)
                yield Progress(activity="Paused", done=self.keeper.position.epoch, total=self.setting.plan.epochs)
            yield Continued()
        if control.wish == "stop":
            self.ending = RunEnded(status="stopped", sentence="Stopped; the best model so far is kept.")

    def _lose_patience(self) -> None:
        patience, position = self.setting.job.optimisation.patience, self.keeper.position
        if patience is not None and position.epoch - position.best_epoch >= patience:
            sentence = (
                f"Stopped early: no better epoch in the last {patience}. The best was epoch {position.best_epoch}."
            )
            self.ending = RunEnded(status="done", sentence=sentence)

    def _finish(self) -> Iterator[Event]:
        position, ending = self.keeper.position, self.ending
        if ending is not None and ending.status == "stopped" and self.keeper.behind:
            yield self.keeper.save(self.learner)
        if position.best_epoch == 0:
            yield ending or RunEnded(status="failed", sentence="No epoch was completed, so there is no model.")
            return
        summary = yield from measure_best(self.setting, position)
        done = RunEnded(status="done", sentence=f"Done. The best model is that of epoch {position.best_epoch}.")
        yield (ending or done).model_copy(update={"summary": summary})

    def _diverged(self) -> RunEnded:
        position = self.keeper.position
        kept = f"The best model, of epoch {position.best_epoch}, is kept." if position.best_epoch else ""
        return RunEnded(
            status="failed",
            sentence=f"The loss was no longer a number at epoch {position.epoch + 1}, step {position.step + 1}. {kept}",
            next_step="Train again with a lower learning rate (a third of it is a good try), or in fp32.",
        )

    def _head(self, features: Tensor) -> Tensor:
        head = self.learner.network.head
        with torch.no_grad():
            return functional.linear(features, head.weight.cpu(), head.bias.cpu())

    def _rates(self, phase: Phase) -> tuple[float | None, ...]:
        part = self.setting.job.optimisation
        steps, first = self._stepped(self.setting.plan.epochs), self._stepped(self.keeper.position.epoch)
        warmup = warmup_steps(part.warmup_epochs, self.train.batches, steps)
        share = factor(part.schedule, first + self.keeper.position.batch, steps, warmup)
        return tuple(None if rate is None else rate * share for rate in phase.rates)

    def _stepped(self, epochs: int) -> int:
        """Optimiser steps within the first `epochs` epochs; a solved one takes none."""
        plan = self.setting.plan
        return self.train.batches * sum(not plan.phase_at(epoch).solve for epoch in range(epochs))

    def _batch_ended(self, loss: float, rates: tuple[float | None, ...]) -> BatchEnded:
        position = self.keeper.position
        done = self._stepped(position.epoch) + position.batch
        left = self._stepped(self.setting.plan.epochs) - done
        return BatchEnded(
            step=done,
            steps=done + left,
            epoch=position.epoch + 1,
            loss=loss,
            rates=rates,
            images_per_second=position.images_per_second,
            seconds_left=left * position.epoch_seconds / max(position.batch, 1),
            memory_mb=memory_mb(self.setting.device),
        )

    def _epoch_ended(self, phase: Phase, loss: float, accuracy: float, best: bool) -> EpochEnded:
        position = self.keeper.position
        return EpochEnded(
            epoch=position.epoch + 1,
            epochs=self.setting.plan.epochs,
            train_loss=position.train_loss,
            val_loss=loss,
            val_accuracy=accuracy,
            rates=phase.rates,
            images_per_second=position.images_per_second,
            seconds=position.epoch_seconds,
            best=best,
        )

    def _started(self) -> RunStarted:
        setting = self.setting
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
            resumed_at=self.keeper.position.epoch,
        )

    def _plan_drawn(self) -> PlanDrawn:
        return plan_drawn(self.setting)


def notice_of_weights(sentence: str) -> Notice:
    """Which weights the run starts from."""
    return Notice(sentence=sentence)


def plan_drawn(setting: Setting) -> PlanDrawn:
    """The plan as the window shows it."""
    sizes = {name: parameter.numel() for name, parameter in setting.network.model.named_parameters()}
    return PlanDrawn(
        blocks=setting.plan.blocks,
        block_parameters=tuple(sum(sizes[name] for name in block.parameters) for block in setting.network.blocks),
        phases=setting.plan.rows(),
        batch_norm=setting.plan.batch_norm,
        epochs=setting.plan.epochs,
    )
