"""A run from its first step to its last: epochs, batches, validation, and how it ends."""

import math
import time
from collections.abc import Generator, Iterator

import torch
from torch.nn import functional

from finetuner.engine.dataset.feed import feed_for
from finetuner.engine.dataset.loader import Batch, Loader, TrainLoader
from finetuner.engine.events import Continued, Event, Notice, Paused, PhaseStarted, Progress, RunEnded
from finetuner.engine.strategies.plan import Phase
from finetuner.engine.training import chronicle
from finetuner.engine.training.features import Frozen, Gathered, compute_features
from finetuner.engine.training.finish import measure_best
from finetuner.engine.training.head_solver import solve_head
from finetuner.engine.training.keeper import Keeper
from finetuner.engine.training.learner import Learner
from finetuner.engine.training.observer import Observer, undisturbed
from finetuner.engine.training.resting import Resting, views_of
from finetuner.engine.training.setting import Setting
from finetuner.engine.training.targets import Targets
from finetuner.engine.training.timetable import Timetable
from finetuner.engine.training.validation import Validation

_EVAL_BATCH = 32
_NOT_COMPILED = "Compiling the steps failed, or what it made did: the run goes on without, as if it had not been tried."
_LOOK_AGAIN = 0.1  # seconds between looks at a paused run's control file


class Session:
    """Walks the plan. `events` is the story; every other method is a chapter of it."""

    def __init__(self, setting: Setting, keeper: Keeper, observer: Observer | None = None) -> None:
        self.setting, self.keeper, self.observer = setting, keeper, observer
        job, cache, labels = setting.job, setting.cache, setting.labels
        preset, seed = job.augmentation.augmentation, job.compute.seed
        feed, val_feed = (feed_for(cache, images, setting.device) for images in (setting.train, setting.val))
        self.train = TrainLoader(feed, setting.train, labels, setting.batch_size, preset, seed)
        self.fixed = Loader(feed, setting.train, labels, _EVAL_BATCH)
        val = Loader(val_feed, setting.val, labels, _EVAL_BATCH)
        targets = Targets(job, self.train.labels, len(setting.classes), setting.device)
        self.learner = Learner(
            setting.network, job.optimisation, targets, setting.device, setting.precision, setting.compiled
        )
        self.resting = Resting(self.learner, setting.plan, self.train, val, views_of(job.augmentation))
        self.frozen = Frozen(setting.network, setting.device, setting.precision)
        self.validation = Validation(setting, self.keeper, self.learner, self.frozen, self.resting, val)
        self.timetable = Timetable(setting.plan, self.train.batches, job.optimisation)
        self.ending: RunEnded | None = None

    def events(self) -> Generator[Event, None, None]:
        """Train until the plan, the user's patience or the numbers end; then measure the best."""
        self._take_up()
        yield chronicle.run_started(self.setting, self.keeper.position)
        yield Notice(sentence=self.setting.network.loaded)
        yield chronicle.plan_drawn(self.setting.plan, self.setting.network.block_parameters)
        try:
            while not self._is_over():
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
        position.ready(self.keeper.stood)
        if resumed and position.batch == 0 and 0 < position.best_epoch == position.epoch:
            self.keeper.save_best(self.learner, setting.classes)

    def _is_over(self) -> bool:
        """Whether the plan is fulfilled or patience lost; asked of a resumed run as well, before it takes a step."""
        position, patience = self.keeper.position, self.setting.job.optimisation.patience
        if patience is not None and position.batch == 0 and position.epoch - position.best_epoch >= patience:
            self.ending = self.ending or chronicle.out_of_patience(position, patience)
        limit = self.setting.job.optimisation.time_limit
        if limit is not None and position.batch == 0 < position.epoch and position.spent(limit) >= 1:
            self.ending = self.ending or chronicle.out_of_time(position, limit)
        return self.ending is not None or position.epoch >= self.setting.plan.epochs

    def _epoch(self) -> Iterator[Event]:
        plan, position = self.setting.plan, self.keeper.position
        phase = plan.phase_at(position.epoch)
        self.learner.enter(phase, plan.batch_norm, self.resting.enter(phase))
        if position.epoch == phase.start and position.batch == 0:
            yield PhaseStarted(index=plan.phase_index(position.epoch), title=phase.title, epoch=position.epoch + 1)
        if not (phase.solve and position.batch):
            yield from self._solve() if phase.solve else self._steps(phase)
        if self.ending is None:
            yield from self._validate(phase)

    def _solve(self) -> Iterator[Event]:
        """The frozen network runs once over all images; the head is solved on what it gives."""
        started, gathered, total = time.monotonic(), Gathered(), len(self.setting.train)
        for done in compute_features(self.frozen, self.fixed, gathered):
            yield Progress(activity="Computing features", done=done, total=total)
            yield from self._obey()
            if self.ending:
                return
        if gathered.saving:
            yield Notice(sentence=gathered.saving)
        yield Progress(activity="Solving the head", done=0, total=None)
        features, labels = gathered.rows(), self.fixed.labels
        gathered.parts.clear()  # of 60,000 images they take as much as the solver may
        weights, seed = self.learner.targets.importance, self.setting.job.compute.seed
        weight, bias = solve_head(features, labels, len(self.setting.classes), weights, seed)
        self.learner.set_head(weight, bias)
        loss = float(functional.cross_entropy(functional.linear(features, weight, bias), labels))
        self.keeper.position.count(loss, total, time.monotonic() - started)

    def _steps(self, phase: Phase) -> Iterator[Event]:
        """One optimiser step after the other; between two of them the user is heard.

        A time limit that is reached ends the epoch here: it is judged like a whole one.
        """
        position, mark = self.keeper.position, time.monotonic()
        limit = self.setting.job.optimisation.time_limit
        yield from self._rest(phase)
        for images, labels in self._batches(phase):
            rates = self.timetable.rates(phase, position.epoch, position.batch, position.spent(limit))
            compiled = self.learner.compiled
            loss = self.learner.step(images, labels, rates, position.epoch, position.batch)
            if compiled and not self.learner.compiled:
                yield Notice(sentence=_NOT_COMPILED)
            if not math.isfinite(loss):
                self.ending = chronicle.diverged(position)
                return
            position.count(loss, len(images), time.monotonic() - mark)
            yield chronicle.batch_ended(self.setting, position, self.timetable, loss, rates)
            yield from self._obey()
            if self.ending or position.spent(limit) >= 1:
                return
            if self.keeper.overdue and position.batch < self.train.batches:
                yield self.keeper.save(self.learner)
            mark = time.monotonic()

    def _rest(self, phase: Phase) -> Iterator[Event]:
        """What the resting blocks say about the images of this epoch, unless it is known from an earlier one."""
        if self.learner.line:
            if self.resting.is_empty:
                yield Notice(sentence=self.resting.saving)
            for done, total in self.resting.fill(phase, self.keeper.position.epoch):
                yield Progress(activity="Running the resting blocks", done=done, total=total)
                yield from self._obey()
                if self.ending:
                    return

    def _batches(self, phase: Phase) -> Iterator[Batch]:
        """This epoch's batches from the next one on; none when the run is ending."""
        position, balanced = self.keeper.position, self.setting.job.data.balance == "sampler"
        if self.ending:
            return iter(())
        if self.learner.line:
            return self.resting.batches(phase, position.epoch, position.batch, balanced)
        return self.train.epoch(position.epoch, position.batch, balanced)

    def _validate(self, phase: Phase) -> Iterator[Event]:
        """Judge the epoch, tell it, make it safe; only then let the best model follow."""
        position = self.keeper.position
        loss, accuracy = yield from self.validation.judge(phase)
        if not math.isfinite(loss):  # no checkpoint: the last one is sound
            self.ending = chronicle.diverged(position)
            return
        best = position.judge(accuracy, loss)
        event = chronicle.epoch_ended(self.setting, position, phase.rates, loss, accuracy, best)
        position.next_epoch()
        yield event
        yield from self._observed()
        yield self.keeper.save(self.learner)
        if best:
            self.keeper.save_best(self.learner, self.setting.classes)

    def _observed(self) -> Iterator[Event]:
        """Let the observer look; it leaves the network, its modes and the random numbers as they are."""
        if self.observer is not None:
            with undisturbed(self.learner.deployed.model):
                seen = list(self.observer(self.setting, self.learner.deployed, self.keeper.position.epoch))
            yield from seen

    def _obey(self) -> Iterator[Event]:
        """What the user asks through the run's control file: wait, go on, or stop."""
        control, position = self.keeper.run.control, self.keeper.position
        if control.wish == "pause":
            yield Paused()
            position.look_at_clock()
            while control.wish == "pause":
                time.sleep(_LOOK_AGAIN)
                yield Progress(activity="Paused", done=position.epoch, total=self.setting.plan.epochs)
            position.look_at_clock(counts=False)
            yield Continued()
        if control.wish == "stop":
            self.ending = chronicle.stopped(position)

    def _finish(self) -> Iterator[Event]:
        """Make the last steps safe, then measure the best model, if there is one."""
        position, ending = self.keeper.position, self.ending or chronicle.done(self.keeper.position)
        if ending.status == "stopped" and self.keeper.behind:
            yield self.keeper.save(self.learner)
        summary = (
            (yield from measure_best(self.setting, position, self.validation.measured)) if position.best_epoch else None
        )
        yield ending.model_copy(update={"summary": summary})
