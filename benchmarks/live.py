"""How soon a camera's frame has its label on the Live page, beside onnxruntime alone on an array that lies ready.

A made-up camera hands a frame (NV12, as most webcams do) to the real page through the real stream; when its label is
painted, the same session answers an array of that size, alone. They take turns, at a camera's pace, and what is told
is the median of each. Then the camera runs freely: an answer's age is counted from its frame's arrival to the label's
painting, in units of the median bare call; one that the page leaves out as late is not among the *shown*.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, cast

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QSize, QTimer, Signal
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat
from PySide6.QtWidgets import QApplication

from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.events import Failed
from finetuner.engine.job import Job
from finetuner.engine.launchers import LAUNCHERS
from finetuner.engine.prediction.onnx_predictor import INPUT, OUTPUTS, OnnxPredictor
from finetuner.engine.prediction.predictor import Predictor
from finetuner.engine.prediction.run_predictor import RunPredictor
from finetuner.engine.prediction.stream import LiveAnswer
from finetuner.engine.requests import ExportRequest, TrainRequest
from finetuner.frame_sources.camera import CameraStream
from finetuner.frame_sources.camera_hardware import Camera, Format, Permission
from finetuner.gui import theme
from finetuner.gui.app import paint_without_opengl
from finetuner.gui.pages.live import LivePage
from finetuner.gui.pages.live.panel import Panel
from finetuner.gui.pages.live.sources import Source, Sources
from finetuner.gui.session import Session
from tests.engine.tiny_job import draw_pictures

HEADER = ("frame", "bare, ms", "handed over, ms", "ratio", "painted, ms", "ratio", "in time", "oldest shown", "shown")
SIZES = ((640, 480), (1280, 720))
INTERVAL_MS = 33
TURNS = 100
TURN_MS = 2000
FREE_MS = 6000
WARMING = 10
NOISE = np.random.default_rng(0).integers(0, 256, 1280 * 720, np.uint8)


def measure(arguments: argparse.Namespace) -> None:
    print(f"{machine()}\n")
    run, model = trained(arguments)
    paint_without_opengl()
    QApplication.instance() or QApplication([])
    engines(run, model)
    print()
    print_table(HEADER, (Contest(model, size).row() for size in SIZES))


def trained(arguments: argparse.Namespace) -> tuple[Path, Path]:
    """A probe on a few drawn pictures, and its exported file."""
    home, weights = paths.data_dir(), arguments.weights.absolute()
    job = Job().changed(
        data=draw_pictures(home / "photos", of_each=8),
        weights=weights,
        backbone=weights.name.split(".")[0],
        strategy="probe",
        image_size=arguments.image_size or 224,
    )
    run, model = home / "run", home / "model.onnx"
    walk(TrainRequest(job=job, run=run))
    walk(ExportRequest(run=run, format="onnx", out=model))
    return run, model


def walk(request: TrainRequest | ExportRequest) -> None:
    for event in LAUNCHERS["here"]().start(request):
        if isinstance(event, Failed):
            raise SystemExit(f"{event.sentence} {event.details}")


def engines(run: Path, model: Path) -> None:
    """onnxruntime and torch on the same frame, in turns and at a camera's pace."""
    predictors: dict[str, Predictor] = {"onnxruntime": OnnxPredictor(model), "torch": RunPredictor(run, "cpu")}
    frames = {f"{width} x {height}": np.zeros((height, width, 3), np.uint8) for width, height in SIZES}
    header = ("one frame, ms", *frames)
    taken: dict[tuple[str, str], list[float]] = {}
    for _ in range(WARMING * 3):
        for (name, predictor), (size, pixels) in ((p, f) for p in predictors.items() for f in frames.items()):
            taken.setdefault((name, size), []).append(paced(partial(predictor.predict, [pixels])))
    print_table(header, ((name, *(ms(median(taken[name, size][WARMING:])) for size in frames)) for name in predictors))


def paced(work: Callable[[], object]) -> float:
    """The seconds that `work` takes when a frame's time has passed since the last."""
    time.sleep(INTERVAL_MS / 1000)
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class Hardware(QObject):
    """One camera, which hands over a frame whenever it is told to."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.sink: Any = None

    def cameras(self) -> list[Camera]:
        return [Camera(0, "made up", "made up")]

    def permission(self) -> Permission:
        return "granted"

    def ask(self, answered: Callable[[], None]) -> None:
        answered()

    def open(self, camera: Camera, sink: QObject, wanted: Format | None = None) -> None:
        self.sink = sink

    def close(self) -> None:
        self.sink = None


class OneCamera(Sources):
    def __init__(self, hardware: Hardware) -> None:
        super().__init__()
        self.hardware = hardware

    def cameras(self, on_change: Callable[[], object]) -> list[Source]:
        return [Source("made up", lambda parent: CameraStream(0, parent, self.hardware), key="made up")]


class Contest(QObject):
    """The page and the bare call in turns; what each took, in seconds."""

    painted = Signal()

    def __init__(self, model: Path, size: tuple[int, int]) -> None:
        super().__init__()
        theme.apply(cast(QApplication, QApplication.instance()), "light")
        self.size, self.hardware = size, Hardware()
        self.predictor = OnnxPredictor(model)
        self.session = Session(lambda name: LAUNCHERS["here"]())
        self.page = LivePage(self.session, OneCamera(self.hardware), lambda path: self.predictor)
        self.page.resize(1080, 800)
        self.page.use([model])
        self.page.show()
        self.page.panel.show_answer = self.show_answer  # type: ignore[method-assign]
        self.array = np.random.default_rng(0).integers(0, 256, (1, size[1], size[0], 3), np.uint8)
        self.sent = 0
        self.to_handing: list[float] = []
        self.to_painting: list[float] = []

    def row(self) -> tuple[str, ...]:
        self.page.retry()
        bare = [self.turn() for _ in range(WARMING + TURNS)][WARMING:]
        in_time = f"{len(self.to_handing)} of {self.sent}"
        handed, painted = self.to_handing[WARMING:], self.to_painting[WARMING:]
        self.to_handing, self.to_painting, first = [], [], self.sent
        self.run_freely()
        answered, oldest = f"{len(self.to_handing)} of {self.sent - first}", max(self.to_painting, default=0.0)
        self.page.stop()
        self.session.close()
        self.page.deleteLater()
        return (
            "{} x {}".format(*self.size),
            *compared(bare, handed, painted),
            in_time,
            f"{oldest / median(bare):.1f}",
            answered,
        )

    def turn(self) -> float:
        """One frame through the page, and another while the page leaves them out as late; then one bare call.

        Not for ever: where what the page adds takes longer than the network, few answers are in time.
        """
        loop, clock, end = QEventLoop(), QTimer(interval=INTERVAL_MS * 4), QTimer(interval=TURN_MS)
        self.painted.connect(loop.quit)
        clock.timeout.connect(self.send)
        end.timeout.connect(loop.quit)
        QTimer.singleShot(INTERVAL_MS, self.send)
        clock.start()
        end.start()
        loop.exec()
        clock.stop()
        end.stop()
        return paced(lambda: self.predictor.session.run(OUTPUTS, {INPUT: self.array}))

    def run_freely(self) -> None:
        """Thirty frames a second, whatever becomes of them."""
        loop, clock = QEventLoop(), QTimer(interval=INTERVAL_MS)
        clock.timeout.connect(self.send)
        clock.start()
        QTimer.singleShot(FREE_MS, loop.quit)
        loop.exec()
        clock.stop()

    def send(self) -> None:
        self.sent += 1
        self.hardware.sink.setVideoFrame(video_frame(*self.size, self.sent))

    def show_answer(self, answer: LiveAnswer, wanted: Callable[[], bool]) -> bool:
        """In the place of the panel's own: the clock is read before it, and when the label stands on the screen."""
        handed = time.monotonic() - answer.arrived
        shown = Panel.show_answer(self.page.panel, answer, wanted)
        if shown and not answer.behind:
            self.to_handing.append(handed)
            self.to_painting.append(time.monotonic() - answer.arrived)
            QTimer.singleShot(0, self.painted.emit)
        return shown


def compared(bare: Sequence[float], handed: Sequence[float], painted: Sequence[float]) -> tuple[str, ...]:
    """Milliseconds and ratios; nothing where no answer was in time."""
    alone = median(bare)
    through = (
        (ms(median(taken)), f"{median(taken) / alone:.2f}") if taken else ("", "") for taken in (handed, painted)
    )
    return (ms(alone), *(cell for cells in through for cell in cells))


def video_frame(width: int, height: int, seed: int) -> QVideoFrame:
    """A picture as a camera gives it: brightness, then colour at half the size."""
    frame = QVideoFrame(QVideoFrameFormat(QSize(width, height), QVideoFrameFormat.PixelFormat.Format_NV12))
    frame.map(QVideoFrame.MapMode.WriteOnly)
    for plane in range(frame.planeCount()):
        bits = np.frombuffer(frame.bits(plane), np.uint8)
        bits[:] = np.roll(NOISE[: len(bits)], seed)
    frame.unmap()
    return frame


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
