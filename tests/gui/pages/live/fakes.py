"""A camera that sends what a test tells it to, and a model that waits to be let on."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from finetuner.engine.errors import FinetunerError
from finetuner.engine.prediction.predictor import Answers, Pixels, Shares
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.frame_sources.frame import Frame
from finetuner.gui.pages.live.sources import Source, Sources

CLASSES = ("ants", "bees", "wasps", "moths")


class FakeStream(QObject):
    arrived = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject, trouble: FinetunerError | None) -> None:
        super().__init__(parent)
        self.trouble = trouble
        self.running = False

    def start(self) -> None:
        self.running = True
        if self.trouble is not None:
            self.failed.emit(self.trouble)

    def stop(self) -> None:
        self.running = False

    def send(self, value: int) -> None:
        self.arrived.emit(Frame(np.full((6, 8, 3), value, np.uint8), f"frame {value}"))


class FakeSources(Sources):
    """`plugged` are the names of cameras; `trouble` is what their streams meet, `denied` what listing them meets."""

    def __init__(self, *plugged: str) -> None:
        super().__init__()
        self.plugged = list(plugged)
        self.trouble: FinetunerError | None = None
        self.denied: FinetunerError | None = None
        self.streams: list[FakeStream] = []
        self.on_change: Callable[[], object] = lambda: None

    def cameras(self, on_change: Callable[[], object]) -> list[Source]:
        if self.denied is not None:
            raise self.denied
        self.on_change = on_change
        return [Source(name, self._open, mirrored=True, key=name) for name in self.plugged]

    def _open(self, parent: QObject) -> FakeStream:
        self.streams.append(FakeStream(parent, self.trouble))
        return self.streams[-1]


class FakePredictor:
    """Answers `bees` to bright frames, `ants` to dark ones; `gate` lets it on, frame by frame if it is cleared."""

    name = "a fake"
    classes = CLASSES
    temperature = 1.0
    cut = None

    def __init__(self) -> None:
        self.thresholds = Thresholds()
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Semaphore(0)
        self.seen: list[int] = []

    def predict(self, images: Sequence[Pixels]) -> Shares:
        self.seen.append(int(images[0][0, 0, 0]))
        self.begun.release()
        self.gate.wait()
        bright = images[0].mean() > 127
        return np.array([[0.1, 0.7, 0.15, 0.05] if bright else [0.8, 0.1, 0.06, 0.04]], np.float32)

    def answer(self, images: Sequence[Pixels]) -> Answers:
        shares = self.predict(images)
        return Answers(shares, np.log(shares + 1e-6))


def opener(predictor: FakePredictor, opened: list[Path]) -> Callable[[Path], FakePredictor]:
    """An `open_model` that remembers what it was given."""

    def open_model(path: Path) -> FakePredictor:
        opened.append(path)
        return predictor

    return open_model
