"""What is taught. Frames go to a thread that keeps them; a head is solved in the engine; the live view changes over."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from secrets import token_hex

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Failed, LessonFitted, LessonPrepared
from finetuner.engine.job import Job
from finetuner.engine.requests import FitLessonRequest, PrepareLessonRequest
from finetuner.engine.teaching import handing_over, places
from finetuner.engine.teaching.captured import CapturedSet
from finetuner.engine.teaching.captured import Frame as Kept
from finetuner.engine.teaching.extractor import Extractor
from finetuner.engine.teaching.head import Features, TaughtHead, TaughtPredictor
from finetuner.engine.teaching.settings import APART
from finetuner.frame_sources.frame import Frame
from finetuner.gui.bridge.teaching import (
    PICTURES,
    FrameKept,
    FramePassed,
    FramesListed,
    LessonTask,
    LessonWritten,
    NetworkOpened,
)
from finetuner.gui.session import Session


class Teacher(QObject):
    """`begin`, then `see` every frame; between `hold(label)` and `release()` they are examples of that class."""

    changed = Signal()
    """Classes, frames, or how far things are."""
    taught = Signal(object)
    """Another TaughtPredictor knows more than the last one."""
    refused = Signal(object)
    """A Failed: what was asked for did not work."""

    def __init__(
        self,
        session: Session,
        open_network: Callable[[Path], Features] = Extractor,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._open_network = session, open_network
        self.captured: CapturedSet | None = None
        self._task: LessonTask | None = None
        self._fitting = False
        self._newest: Frame | None = None
        self._clear()

    def _clear(self) -> None:
        self.classes: tuple[str, ...] = ()
        self.frames: list[Kept] = []
        self.pictures: dict[str, list[QImage]] = {}
        self.bursts: list[str] = []
        self.fitted: LessonFitted | None = None
        self.predictor: TaughtPredictor | None = None
        self.run: Path | None = None
        self.passed = 0
        self._network: Features | None = None
        self._base, self._base_classes, self._backbone = "", tuple[str, ...](), ""
        self._burst: tuple[str, str] | None = None
        self._put_at = float("-inf")

    @property
    def active(self) -> bool:
        """Whether there is something to teach."""
        return self._task is not None

    @property
    def preparing(self) -> bool:
        """Whether the network is still to come."""
        return self.active and self._network is None

    @property
    def recording(self) -> str:
        """The class whose frames come at the moment; none: nothing."""
        return self._burst[0] if self._burst else ""

    def count(self, label: str) -> int:
        """How many frames of a class are kept."""
        return sum(frame.label == label for frame in self.frames)

    def begin(self, run: Path | None, fresh: bool = False) -> None:
        """Teach from nothing, or go on from `run`. `fresh`: into a new set."""
        self.end()
        try:
            place = places.fresh_place() if fresh else places.place_for(run)
            self.run = run if run and places.captured_set_of(run) is None else None
        except FinetunerError as error:
            self._refuse(error)
            return
        self.captured = CapturedSet(place)
        task = self._task = LessonTask(
            self.captured, places.working_place(place) / "lesson.safetensors", self._open_network
        )
        self._session.calls.start(lambda: task, partial(self._on_event, task))
        request = PrepareLessonRequest(job=self._session.job, run=self.run)
        self._session.call(request, partial(self._on_prepared, task))
        self.changed.emit()

    def end(self) -> None:
        """Teach no more; what was recorded is kept."""
        task, self._task = self._task, None
        self._clear()
        if task is not None:
            task.stop()
        self.changed.emit()

    def see(self, frame: Frame) -> None:
        """A frame is in sight."""
        self._newest = frame
        if self._burst and frame.arrived - self._put_at >= APART:
            self._put(frame)

    def hold(self, label: str) -> None:
        """What is in sight from now on is an example of this class; the frame at hand is the first."""
        if self.active and label in self.classes and not self._burst:
            self._burst, self.passed = (label, token_hex(4)), 0
            self.bursts.append(self._burst[1])
            if self._newest is not None:
                self._put(self._newest)
            self.changed.emit()

    def release(self) -> None:
        """No more examples; what came is learned."""
        if self._burst:
            self._burst = None
            self._want()
            self.changed.emit()

    def add_class(self) -> None:
        """Another class, named after its number."""
        if self._task is not None:
            taken = {name.casefold() for name in self.classes}
            numbers = range(len(taken) + 1, 2 * len(taken) + 2)
            names = (self.tr("Class {}").format(number) for number in numbers)
            self._task.add_class(next(name for name in names if name.casefold() not in taken))

    def rename(self, old: str, text: str) -> None:
        """Give a class another name; those of a run have theirs."""
        if old in self._base_classes:
            self._refuse(
                FinetunerError(self.tr("{} is a class of the run.").format(old), self.tr("Add another class."))
            )
            self.changed.emit()
        elif self._task is not None and text != old:
            self.release()
            self._task.rename(old, text)
            self._want()

    def undo(self) -> None:
        """Take back the burst that was recorded last."""
        self.release()
        if self._task is not None and self.bursts:
            self._task.undo(self.bursts.pop())
            self._want()
            self.changed.emit()

    def forget_frame(self) -> None:
        """The source is another: what was in sight is not any more."""
        self.release()
        self._newest = None

    def job(self) -> Job:
        """What was taught as the job of an ordinary run. Raises FinetunerError."""
        assert self.captured is not None
        return handing_over.job_of(self.captured, self.run, self._backbone)

    def _put(self, frame: Frame) -> None:
        if self._task is not None and self._burst is not None:
            self._put_at = frame.arrived
            self._task.put(frame.pixels, *self._burst)

    def _want(self) -> None:
        """Have the features written for a new head: between two bursts, one at a time."""
        if self._task is not None and self._network is not None and not self._burst and not self._fitting:
            self._task.want()

    def _on_event(self, task: LessonTask, event: Event) -> None:
        if task is not self._task:
            return
        match event:
            case FramesListed():
                self._rename_taught(event.classes)
                self.classes, self.frames, self.pictures = event.classes, list(event.frames), event.pictures
                self._offer_classes()
            case FrameKept():
                self._keep(event)
            case FramePassed():
                self.passed += 1
            case NetworkOpened():
                self._network = event.network
                self._want()
            case LessonWritten():
                self._fit(task, event)
            case Failed():
                self.release()
                self.refused.emit(event)
        self.changed.emit()

    def _keep(self, event: FrameKept) -> None:
        self.frames.append(event.frame)
        self.pictures[event.frame.label] = [*self.pictures[event.frame.label], event.picture][-PICTURES:]
        self.passed = 0
        self._want()

    def _rename_taught(self, classes: tuple[str, ...]) -> None:
        """The live view says the new name at once; the next head has it anyway."""
        if self.predictor is not None and len(classes) == len(self.classes) and classes != self.classes:
            self.predictor = self.predictor.renamed(dict(zip(self.classes, classes, strict=True)))
            self.taught.emit(self.predictor)

    def _offer_classes(self) -> None:
        """From nothing there are two classes at once."""
        if not self.classes and not self.run and self._task is not None:
            for number in (1, 2):
                self._task.add_class(self.tr("Class {}").format(number))

    def _on_prepared(self, task: LessonTask, event: Event) -> None:
        if task is not self._task:
            return
        if isinstance(event, LessonPrepared):
            self._base, self._base_classes, self._backbone = event.base, event.classes, event.backbone
            for name in event.classes:
                if name.casefold() not in {known.casefold() for known in self.classes}:
                    task.add_class(name)
            task.open(Path(event.extractor))
        elif isinstance(event, Failed):
            self.end()
            self.refused.emit(event)

    def _fit(self, task: LessonTask, event: LessonWritten) -> None:
        if len({*event.labels, *self._base_classes}) < 2:
            self.fitted = None
            return
        self._fitting = True
        request = FitLessonRequest(
            lesson=event.file,
            out=event.file.with_name("head.safetensors"),
            base=Path(self._base) if self._base else None,
            val_split=self._session.job.data.val_split,
            seed=self._session.job.compute.seed,
        )
        self._session.call(request, partial(self._on_fitted, task), self._on_fit_ended)

    def _on_fitted(self, task: LessonTask, event: Event) -> None:
        if task is not self._task:
            return
        if isinstance(event, LessonFitted) and self._network is not None:
            try:
                self.predictor = TaughtPredictor(self._network, TaughtHead.load(Path(event.head)))
            except FinetunerError as error:
                self._refuse(error)
                return
            self.fitted = event
            self.taught.emit(self.predictor)
            self.changed.emit()
        elif isinstance(event, Failed):
            self.refused.emit(event)

    def _on_fit_ended(self) -> None:
        self._fitting = False
        self._want()

    def _refuse(self, error: FinetunerError) -> None:
        self.refused.emit(Failed(sentence=error.sentence, next_step=error.next_step))
