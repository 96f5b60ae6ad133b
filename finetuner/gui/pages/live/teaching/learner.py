"""The head that is live: solved in the engine from what was recorded, one at a time, and another when there is more."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Failed, LessonFitted, LessonPrepared
from finetuner.engine.requests import FitLessonRequest
from finetuner.engine.teaching.head import Features, TaughtHead, TaughtPredictor
from finetuner.gui.bridge.teaching import LessonTask, LessonWritten
from finetuner.gui.session import Session


class Learner(QObject):
    """`begin(task)`, then `want()` whenever there is something new; `learn` what the task has written then."""

    taught = Signal(object)
    """Another TaughtPredictor knows more than the last one."""
    untaught = Signal()
    """There is too little left to tell anything apart."""
    refused = Signal(object)
    """A Failed."""
    rested = Signal()
    """A head is solved; what came meanwhile can be learned."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._fitting = False
        self._waiting: LessonWritten | None = None
        self.begin(None)

    def begin(self, task: LessonTask | None) -> None:
        """Learn from this task, and nothing is known yet."""
        self._task, self._waiting = task, None
        self.network: Features | None = None
        self.fitted: LessonFitted | None = None
        self.predictor: TaughtPredictor | None = None
        self.classes: tuple[str, ...] = ()
        """Of the run that is gone on from."""
        self._base = ""

    def go_on_from(self, prepared: LessonPrepared) -> None:
        """The features of a run's images are learned from, too."""
        self._base, self.classes = prepared.base, prepared.classes

    def want(self) -> None:
        """Have the features written for a new head."""
        if self._task is not None and self.network is not None and not self._fitting:
            self._task.want()

    def learn(self, event: LessonWritten) -> None:
        """Have a head solved from what is written; one after the other, so that the newest is the last."""
        if self._fitting:
            self._waiting = event
            return
        if len({*event.labels, *self.classes}) < 2:
            self._forget()
            return
        self._fitting = True
        request = FitLessonRequest(
            lesson=event.file,
            out=event.file.with_name("head.safetensors"),
            base=Path(self._base) if self._base else None,
            val_split=self._session.job.data.val_split,
            seed=self._session.job.compute.seed,
        )
        self._session.call(request, partial(self._on_fitted, self._task), self._on_ended)

    def rename(self, names: dict[str, str]) -> None:
        """The live view says the new names at once; the next head has them anyway."""
        if self.predictor is not None:
            self.predictor = self.predictor.renamed(names)
            self.taught.emit(self.predictor)

    def _forget(self) -> None:
        self.fitted = None
        if self.predictor is not None:
            self.predictor = None
            self.untaught.emit()

    def _on_fitted(self, task: LessonTask | None, event: Event) -> None:
        if task is not self._task:
            return
        if isinstance(event, LessonFitted) and self.network is not None:
            try:
                self.predictor = TaughtPredictor(self.network, TaughtHead.load(Path(event.head)))
            except FinetunerError as error:
                self.refused.emit(Failed(sentence=error.sentence, next_step=error.next_step))
                return
            self.fitted = event
            self.taught.emit(self.predictor)
        elif isinstance(event, Failed):
            self.refused.emit(event)

    def _on_ended(self) -> None:
        self._fitting = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.learn(waiting)
        if not self._fitting:
            self.rested.emit()
