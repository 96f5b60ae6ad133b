"""What is taught: classes and their frames. A thread keeps them; a learner makes a head of them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from secrets import token_hex

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Failed, LessonFitted, LessonPrepared
from finetuner.engine.job import Job
from finetuner.engine.requests import PrepareLessonRequest
from finetuner.engine.teaching import handing_over, places
from finetuner.engine.teaching.captured import CapturedSet
from finetuner.engine.teaching.captured import Frame as Kept
from finetuner.engine.teaching.extractor import Extractor
from finetuner.engine.teaching.head import Features, TaughtPredictor
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
from finetuner.gui.pages.live.teaching.done import Done
from finetuner.gui.pages.live.teaching.learner import Learner
from finetuner.gui.pages.live.teaching.recording import Recording
from finetuner.gui.session import Session


class Teacher(QObject):
    """`begin`, then `see` every frame; between `hold(label)` and `release()` they are examples of that class."""

    changed = Signal()
    """Classes, frames, or how far things are."""
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
        self.learner = Learner(session, self)
        self.learner.taught.connect(self.changed)
        self.learner.untaught.connect(self.changed)
        self.learner.refused.connect(self.refused)
        self.learner.rested.connect(self._want)
        self._recording = Recording()
        self._start(None)

    def _start(self, task: LessonTask | None) -> None:
        self._task = task
        self.learner.begin(task)
        self.classes: tuple[str, ...] = ()
        self.frames: list[Kept] = []
        self.pictures: dict[str, list[QImage]] = {}
        self.done: list[Done] = []
        """What can be taken back, the last thing last."""
        self.run: Path | None = None
        self._backbone = ""
        self._recording.release()

    @property
    def active(self) -> bool:
        """Whether there is something to teach."""
        return self._task is not None

    @property
    def preparing(self) -> bool:
        """Whether the network is still to come."""
        return self.active and self.learner.network is None

    @property
    def fitted(self) -> LessonFitted | None:
        """How good the head is that was solved last."""
        return self.learner.fitted

    @property
    def predictor(self) -> TaughtPredictor | None:
        """What answers with that head."""
        return self.learner.predictor

    @property
    def recording(self) -> str:
        """The class whose frames come at the moment; none: nothing."""
        return self._recording.label

    @property
    def passed(self) -> int:
        """So many frames have shown nothing new, one after the other."""
        return self._recording.passed

    def count(self, label: str) -> int:
        """How many frames of a class are kept."""
        return sum(frame.label == label for frame in self.frames)

    def begin(self, run: Path | None, fresh: bool = False) -> None:
        """Teach from nothing, or go on from `run`. `fresh`: into a new set."""
        self.end()
        try:
            place = places.fresh_place() if fresh else places.place_for(run)
            begun_from = run if run and places.captured_set_of(run) is None else None
        except FinetunerError as error:
            self._refuse(error)
            return
        self.captured = CapturedSet(place)
        task = LessonTask(self.captured, places.working_place(place) / "lesson.safetensors", self._open_network)
        self._start(task)
        self.run = begun_from
        self._session.calls.start(lambda: task, partial(self._on_event, task))
        request = PrepareLessonRequest(job=self._session.job, run=self.run)
        self._session.call(request, partial(self._on_prepared, task))
        self.changed.emit()

    def end(self) -> None:
        """Teach no more; what was recorded is kept."""
        task = self._task
        self._start(None)
        if task is not None:
            task.stop()
        self.changed.emit()

    def see(self, frame: Frame) -> None:
        """A frame is in sight."""
        self._recording.see(frame)

    def hold(self, label: str) -> None:
        """What is in sight from now on is an example of this class; the frame at hand is the first."""
        if self._task is not None and label in self.classes and not self.recording:
            self.done.append(Done("recording", self._recording.hold(self._task, label)))
            self.changed.emit()

    def release(self) -> None:
        """No more examples; what came is learned."""
        if self.recording:
            self._recording.release()
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
        if old in self.learner.classes:
            self._refuse_of_run(old)
        elif self._task is not None and text != old:
            self.release()
            self._task.rename(old, text)
            self._want()

    def remove(self, label: str) -> None:
        """Remove a class with its frames, until it is undone or teaching ends; those of a run stay."""
        if label in self.learner.classes:
            self._refuse_of_run(label)
        elif self._task is not None and label in self.classes:
            self.release()
            self.done.append(Done("removal", token_hex(4)))
            self._task.remove(label, self.done[-1].token)
            self.classes = tuple(other for other in self.classes if other != label)
            self._want()
            self.changed.emit()

    def undo(self) -> None:
        """Take back the last recording, or put the class back that was removed since."""
        self.release()
        if self._task is not None and self.done:
            self.done.pop().undo(self._task)
            self._want()
            self.changed.emit()

    def forget_frame(self) -> None:
        """The source is another: what was in sight is not any more."""
        self.release()
        self._recording.forget_frame()

    def job(self) -> Job:
        """What was taught as the job of an ordinary run. Raises FinetunerError."""
        assert self.captured is not None
        return handing_over.job_of(self.captured, self.run, self._backbone)

    def _want(self) -> None:
        """A new head is learned between two bursts."""
        if not self.recording:
            self.learner.want()

    def _on_event(self, task: LessonTask, event: Event) -> None:
        if task is not self._task:
            return
        match event:
            case FramesListed():
                self._list(event)
            case FrameKept():
                self._keep(event)
            case FramePassed():
                self._recording.passed += 1
            case NetworkOpened():
                self.learner.network = event.network
                self._want()
            case LessonWritten():
                self.learner.learn(event)
            case Failed():
                self.release()
                self.refused.emit(event)
        self.changed.emit()

    def _list(self, event: FramesListed) -> None:
        before, self.classes = self.classes, event.classes
        self.frames, self.pictures = list(event.frames), event.pictures
        if len(before) == len(event.classes) and before != event.classes:
            self.learner.rename(dict(zip(before, event.classes, strict=True)))
        self._offer_classes()

    def _keep(self, event: FrameKept) -> None:
        self.frames.append(event.frame)
        self.pictures[event.frame.label] = [*self.pictures[event.frame.label], event.picture][-PICTURES:]
        self._recording.passed = 0
        self._want()

    def _offer_classes(self) -> None:
        """From nothing there are two classes at once."""
        if not self.classes and not self.run and self._task is not None:
            for number in (1, 2):
                self._task.add_class(self.tr("Class {}").format(number))

    def _on_prepared(self, task: LessonTask, event: Event) -> None:
        if task is not self._task:
            return
        if isinstance(event, LessonPrepared):
            self.learner.go_on_from(event)
            self._backbone = event.backbone
            for name in event.classes:
                if name.casefold() not in {known.casefold() for known in self.classes}:
                    task.add_class(name)
            task.open(Path(event.extractor))
        elif isinstance(event, Failed):
            self.end()
            self.refused.emit(event)

    def _refuse_of_run(self, label: str) -> None:
        sentence, step = self.tr("{} is a class of the run.").format(label), self.tr("Add another class.")
        self._refuse(FinetunerError(sentence, step))
        self.changed.emit()

    def _refuse(self, error: FinetunerError) -> None:
        self.refused.emit(Failed(sentence=error.sentence, next_step=error.next_step))
