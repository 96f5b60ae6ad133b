"""How late the window's event loop is while training runs; how soon the first page is painted, and without what.

A precise timer of 5 ms should fire every 5 ms; what it is late by is what a key press would wait. The window is
the real one, on its Training page, with its curves repainting.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.events import Event
from finetuner.engine.job import Job
from finetuner.engine.launchers import LAUNCHERS
from finetuner.gui import theme
from finetuner.gui.app import opened
from finetuner.gui.session import Session
from finetuner.gui.settings import Settings, Where

TICK_MS = 5
IDLE_SECONDS = 5

FIRST_PAGE = """
import sys, time
started = time.perf_counter()
from PySide6.QtWidgets import QApplication
from finetuner.gui import app as application, theme
from finetuner.gui.session import Session
app = QApplication([])
theme.apply(app, 'light')
session = Session(application.launcher)
window = application.opened(session)
window.painted.disconnect()
window.painted.connect(app.quit)
app.exec()
seen = time.perf_counter() - started
heavy = sorted({'torch', 'torchvision', 'timm', 'sklearn', 'onnxruntime', 'pydantic', 'numpy'} & set(sys.modules))
print(f"{seen * 1000:.0f}", ",".join(heavy) or "none")
session.close()
window.deleteLater()
"""


def measure(arguments: argparse.Namespace) -> None:
    print(f"{machine()}\n")
    app = QApplication(sys.argv[:1])
    theme.apply(app, "light")
    header = ("while", "ticks", "p50 ms", "p99 ms", "max ms")
    trainings = (training(launcher, arguments) for launcher in get_args(Where))
    print_table(header, chain([idle()], trainings))
    shown, heavy = min(first_page() for _ in range(3))
    print(f"\nFirst page painted {shown} ms after the start of Python's imports (best of 3).")
    print(f"Heavy libraries in the window's process by then: {heavy}.")


class Clock:
    """Collects how late each tick of a precise timer is, in milliseconds."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._due = 0.0
        self._timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._due = time.perf_counter() + TICK_MS / 1000
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def row(self, name: str) -> tuple[object, ...]:
        late = sorted(self.late)
        quantiles = (late[len(late) // 2], late[int(len(late) * 0.99)], late[-1])
        return (name, len(late), *(f"{value:.1f}" for value in quantiles))

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._due) * 1000))
        self._due = now + TICK_MS / 1000


def idle() -> tuple[object, ...]:
    return timed("nothing", lambda session, end: QTimer.singleShot(IDLE_SECONDS * 1000, end), "here")


def training(launcher: Where, arguments: argparse.Namespace) -> tuple[object, ...]:
    """From the first event of a run to its last, on the Training page."""

    def begin(session: Session, end: Callable[[], None]) -> None:
        session.training.changed.connect(lambda: None if session.training.running else end())
        session.training.start(job(arguments), paths.runs_dir() / launcher)
        session.go("training")

    return timed(f"training, launcher `{launcher}`", begin, launcher)


def timed(name: str, begin: Callable[[Session, Callable[[], None]], object], launcher: Where) -> tuple[object, ...]:
    session = Session(lambda name: LAUNCHERS[name](), Settings(launcher=launcher))
    window = opened(session)
    loop, clock = QEventLoop(), Clock()
    settle(2000)
    clock.start()
    begin(session, loop.quit)
    loop.exec()
    clock.stop()
    told = [event for event in session.training.events if event.kind in ("failed", "run-ended")]
    session.close()
    window.close()
    window.deleteLater()
    complain(told)
    return clock.row(name)


def settle(milliseconds: int) -> None:
    """Let the window paint and list what it lists before anything is timed."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def complain(told: list[Event]) -> None:
    for event in told:
        if event.kind == "failed":
            raise SystemExit(f"Training failed: {event}")


def job(arguments: argparse.Namespace) -> Job:
    weights: Path = arguments.weights.absolute()
    return Job().changed(
        data=arguments.data.absolute(),
        weights=weights,
        backbone=weights.name.split(".")[0],
        strategy="full",
        epochs=arguments.epochs or 2,
        image_size=arguments.image_size,
    )


def first_page() -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", FIRST_PAGE], capture_output=True, text=True, check=True)
    shown, heavy = done.stdout.split()
    return int(shown), heavy
