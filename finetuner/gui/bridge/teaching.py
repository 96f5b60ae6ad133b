"""The captured set in a worker thread: the window puts frames, each is kept, thinned, and looked at by the network."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Failed
from finetuner.engine.prediction.predictor import Pixels
from finetuner.engine.teaching.captured import CapturedSet, Frame
from finetuner.engine.teaching.extractor import Extractor
from finetuner.engine.teaching.head import Features
from finetuner.engine.teaching.lesson import Lesson
from finetuner.engine.teaching.settings import WAITING
from finetuner.gui.bridge.images import load_image

PICTURES = 4
"""Of each class so many are shown."""
SIDE = 64
"""Pixels of such a picture."""


class FrameKept(Event):
    """A frame is on the disk: `frame` is a Frame, `picture` a small QImage of it."""

    kind: Literal["frame-kept"] = "frame-kept"
    frame: Any
    picture: Any


class FramePassed(Event):
    """A frame of a class was not kept: it shows nothing new, or the class is `full`."""

    kind: Literal["frame-passed"] = "frame-passed"
    label: str
    full: bool = False


class FramesListed(Event):
    """What is kept now, after something else than a frame has changed it. `pictures`: of each class the last few."""

    kind: Literal["frames-listed"] = "frames-listed"
    classes: tuple[str, ...]
    frames: Any
    pictures: Any


class NetworkOpened(Event):
    """The network that gives features is open; answer with it and a head."""

    kind: Literal["network-opened"] = "network-opened"
    network: Any


class LessonWritten(Event):
    """The features of all frames are in `file`, and can be learned from."""

    kind: Literal["lesson-written"] = "lesson-written"
    file: Path
    labels: tuple[str, ...]


class LessonTask:
    """Keeps what it is told to in the thread that walks it. Trouble is an event; the next frame is another try."""

    def __init__(self, captured: CapturedSet, file: Path, open_network: Callable[[Path], Features] = Extractor) -> None:
        self._captured, self._file, self._open_network = captured, file, open_network
        self._changed = threading.Condition()
        self._steps: deque[Callable[[Lesson], Iterable[Event]]] = deque()
        self._network: Features | None = None
        self._frames_waiting = 0
        self._wanted = self._news = self._stopped = False

    def put(self, pixels: Pixels, label: str, burst: str) -> None:
        """Offer a frame; never waits. Where the disk is slower than the camera, some are dropped."""
        with self._changed:
            if self._frames_waiting < WAITING:
                self._frames_waiting += 1
                self._do(lambda lesson: self._kept(lesson, pixels, label, burst))

    def open(self, extractor: Path) -> None:
        """Compute features with this network from now on."""
        with self._changed:
            self._do(lambda _lesson: self._opened(extractor))

    def add_class(self, text: str) -> None:
        """Add a class."""
        self._change(lambda lesson: lesson.captured.add_class(text))

    def rename(self, old: str, text: str) -> None:
        """Give a class another name."""
        self._change(lambda lesson: lesson.rename(old, text))

    def remove(self, label: str, token: str) -> None:
        """Remove a class with its frames, until `restore` is told the same `token`, or to the end."""
        self._change(lambda lesson: lesson.remove(label, token))

    def restore(self, token: str) -> None:
        """Put a removed class back."""
        self._change(lambda lesson: lesson.restore(token))

    def undo(self, burst: str) -> None:
        """Take a burst back."""
        self._change(lambda lesson: lesson.forget_burst(burst))

    def want(self) -> None:
        """Have LessonWritten once, as soon as there is something new and all of it is looked at."""
        with self._changed:
            self._wanted = True
            self._changed.notify()

    def stop(self) -> None:
        """End after what is waiting: every frame that was put is kept."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def leave(self) -> None:
        """Nothing here outlives its listener."""
        self.stop()

    def __iter__(self) -> Iterator[Event]:
        lesson = Lesson(self._captured)
        self._news = bool(lesson.frames)
        yield from _listed(lesson)
        while (step := self._next(lesson)) is not None:
            try:
                yield from step(lesson)
            except FinetunerError as error:
                yield Failed(sentence=error.sentence, next_step=error.next_step)
                yield from _listed(lesson)

    def _change(self, change: Callable[[Lesson], object]) -> None:
        def step(lesson: Lesson) -> Iterator[Event]:
            change(lesson)
            self._news = True
            yield from _listed(lesson)

        with self._changed:
            self._do(step)

    def _do(self, step: Callable[[Lesson], Iterable[Event]]) -> None:
        self._steps.append(step)
        self._changed.notify()

    def _next(self, lesson: Lesson) -> Callable[[Lesson], Iterable[Event]] | None:
        """What to do now, waiting for it; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._steps or self._stopped or self._idle_work(lesson))
            if self._steps:
                return self._steps.popleft()
            return None if self._stopped else self._idle_work(lesson)

    def _idle_work(self, lesson: Lesson) -> Callable[[Lesson], Iterable[Event]] | None:
        if self._network is not None and lesson.unlearned:
            return self._learned
        return self._written if self._wanted and self._news and not lesson.unlearned else None

    def _kept(self, lesson: Lesson, pixels: Pixels, label: str, burst: str) -> Iterator[Event]:
        with self._changed:
            self._frames_waiting -= 1
        frame: Frame | None = lesson.capture(pixels, label, burst)
        if frame is None:
            yield FramePassed(label=label, full=lesson.is_full(label))
        else:
            self._news = True
            yield FrameKept(frame=frame, picture=load_image(str(frame.path), SIDE))

    def _opened(self, extractor: Path) -> Iterator[Event]:
        self._network = self._open_network(extractor)
        yield NetworkOpened(network=self._network)

    def _learned(self, lesson: Lesson) -> Iterator[Event]:
        assert self._network is not None
        lesson.learn(self._network)
        yield from ()

    def _written(self, lesson: Lesson) -> Iterator[Event]:
        self._wanted = self._news = False
        rows = lesson.rows()
        try:
            rows.save(self._file)
        except OSError as error:
            raise FinetunerError(
                f"What was learned cannot be written to {self._file.parent}: {error.strerror}.", "Free some space."
            ) from error
        yield LessonWritten(file=self._file, labels=tuple(sorted(set(rows.labels))))


def _listed(lesson: Lesson) -> Iterator[Event]:
    classes, frames = lesson.captured.classes, tuple(lesson.frames)
    last = {label: [frame.path for frame in frames if frame.label == label][-PICTURES:] for label in classes}
    pictures = {label: [load_image(str(path), SIDE) for path in paths] for label, paths in last.items()}
    yield FramesListed(classes=classes, frames=frames, pictures=pictures)
