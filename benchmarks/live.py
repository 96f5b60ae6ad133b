"""How soon a camera's frame has its label on the Live page, beside onnxruntime alone on an array that lies ready.

A made-up camera hands its frames (NV12, as most webcams do) to the real page through the real stream, thirty a second;
in between the same model answers the same input at the same pace, alone. Both take turns. An answer's age is counted
from its frame's arrival to the label's painting, in units of the median bare call.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QSize, QTimer, Signal
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat
from PySide6.QtWidgets import QApplication

from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.events import Event, Failed
from finetuner.engine.job import Job
from finetuner.engine.launchers import LAUNCHERS
from finetuner.engine.prediction.onnx_predictor import INPUT, OUTPUTS, OnnxPredictor
from finetuner.engine.prediction.run_predictor import RunPredictor
from finetuner.engine.requests import ExportRequest, TrainRequest
from finetuner.frame_sources.camera import CameraStream
from finetuner.frame_sources.camera_hardware import Camera
from finetuner.gui import theme
from finetuner.gui.bridge.live import Answered
from finetuner.gui.pages.live import LivePage
from finetuner.gui.pages.live.sources import Source, Sources
from finetuner.gui.session import Session
from tests.engine.tiny_job import draw_pictures

SIZES = ((640, 480), (1280, 720))
INTERVAL_MS = 33
FRAMES = 60
TURNS = 5
WARMING = 10
NOISE = np.random.default_rng(0).integers(0, 256, 1280 * 720, np.uint8)


def measure(arguments: argparse.Namespace) -> None:
    print(f"{machine()}\n")
    run, model = trained(arguments)
    QApplication.instance() or QApplication([])
    engines(run, model)
    print()
    header = ("frame", "bare, ms", "handed over, ms", "ratio", "painted, ms", "ratio", "oldest shown", "answered")
    print_table(header, (Contest(model, size).row() for size in SIZES))


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
    predictors = {"onnxruntime": OnnxPredictor(model), "torch": RunPredictor(run, "cpu")}
    frames = {f"{width} x {height}": np.zeros((height, width, 3), np.uint8) for width, height in SIZES}
    header = ("one frame, ms", *frames)
    taken: dict[tuple[str, str], list[float]] = {}
    for _ in range(FRAMES):
        for (name, predictor), (size, pixels) in ((p, f) for p in predictors.items() for f in frames.items()):
            time.sleep(INTERVAL_MS / 1000)
            began = time.perf_counter()
            predictor.predict([pixels])
            taken.setdefault((name, size), []).append(time.perf_counter() - began)
    print_table(header, ((name, *(ms(median(taken[name, size][WARMING:])) for size in frames)) for name in predictors))


class Hardware(QObject):
    """One camera, which hands over a frame whenever it is told to."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.sink: object = None

    def cameras(self) -> list[Camera]:
        return [Camera(0, "made up", "made up")]

    def permission(self) -> str:
        return "granted"

    def ask(self, answered: Callable[[], None]) -> None:
        answered()

    def open(self, camera: Camera, sink: QObject) -> None:
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
    """The page and the bare call in turns; what each took."""

    def __init__(self, model: Path, size: tuple[int, int]) -> None:
        super().__init__()
        theme.apply(QApplication.instance(), "light")
        self.size, self.hardware = size, Hardware()
        self.predictor = OnnxPredictor(model)
        self.session = Session(lambda name: LAUNCHERS["here"]())
        self.page = LivePage(self.session, OneCamera(self.hardware), lambda path: self.predictor)
        self.page.resize(1080, 800)
        self.page.use([model])
        self.page.show()
        self.page.answerer.happened.connect(self._on_event)
        self.page.panel.bars.installEventFilter(self)
        self.ready = np.random.default_rng(0).integers(0, 256, (1, size[1], size[0], 3), np.uint8)
        self.sent = 0
        self.waiting: float | None = None
        self.handed: list[float] = []
        self.painted: list[float] = []
        self.bare: list[float] = []

    def row(self) -> tuple[str, ...]:
        self.page.retry()
        self.live(WARMING)
        for taken in (self.handed, self.painted):
            taken.clear()
        for _ in range(TURNS):
            self.live(FRAMES)
            self.alone(FRAMES)
        self.page.stop()
        self.session.close()
        self.page.deleteLater()
        bare, handed, painted = (median(taken) for taken in (self.bare, self.handed, self.painted))
        ratios = (f"{taken / bare:.2f}" for taken in (handed, painted))
        share = f"{len(self.handed)} of {TURNS * FRAMES}"
        return (
            "{} x {}".format(*self.size), ms(bare), ms(handed), next(ratios), ms(painted), next(ratios),
            f"{max(self.painted) / bare:.2f}", share,
        )  # fmt: skip

    def live(self, count: int) -> None:
        """Let the camera hand over so many frames."""
        loop, left = QEventLoop(), iter(range(count))
        clock = QTimer(interval=INTERVAL_MS)

        def tick() -> None:
            if next(left, None) is None:
                loop.quit()
            else:
                self.send()

        clock.timeout.connect(tick)
        clock.start()
        loop.exec()
        clock.stop()

    def send(self) -> None:
        self.sent += 1
        self.hardware.sink.setVideoFrame(video_frame(*self.size, self.sent))

    def alone(self, count: int) -> None:
        for _ in range(count):
            time.sleep(INTERVAL_MS / 1000)
            began = time.perf_counter()
            self.predictor.session.run(OUTPUTS, {INPUT: self.ready})
            self.bare.append(time.perf_counter() - began)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Answered):
            self.waiting = event.answer.arrived
            self.handed.append(time.monotonic() - self.waiting)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self.waiting is not None:
            QTimer.singleShot(0, self._on_painted)
        return False

    def _on_painted(self) -> None:
        if self.waiting is not None:
            self.painted.append(time.monotonic() - self.waiting)
            self.waiting = None


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
