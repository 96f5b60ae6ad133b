"""How soon the window is there, beside an empty window of PySide6: the same measure, turn by turn.

From the start of the process (interpreter included) to the moment when everything of the window has been painted for
the first time. Python's bytecode is kept, as in any installation; the first turn, which writes it, does not count.
Then how late the event loop is while the rest of the program loads behind the painted window.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.table import machine, print_table

LEAST_ROUNDS = 10

BEGIN = """
import json, os, time
began = time.time()
def tell():
    now = time.time()
    print(json.dumps({"painted": now, "imports": now - began, "processor": time.process_time()}), flush=True)
    os._exit(0)
"""
EMPTY = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, tell)  # what stands in the window is painted by then
app = QApplication([])
window = Window()
window.setCentralWidget(QLabel("Nothing"))
window.resize(1280, 800)
window.show()
app.exec()
"""
OURS = """
import gc
gc.disable()  # as finetuner.__main__.window does
from finetuner.gui import app as application
opened = application.opened
def watched(session):
    window = opened(session)
    window.painted.disconnect()
    window.painted.connect(tell)
    return window
application.opened = watched
application.main()
"""
AFTERWARDS = """
import json
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from finetuner.gui import app as application
from benchmarks.lateness import Clock
opened, clocks = application.opened, []
def followed(session):
    window, clock = opened(session), Clock()
    clocks.append(clock)
    window.painted.connect(clock.start)
    window.painted.connect(lambda: QTimer.singleShot(3000, window.close))
    return window
application.opened = followed
application.main()
print(json.dumps(clocks[0].row("")))
"""


class Start(NamedTuple):
    """One start, in seconds: by the clock, from the first import on, and of processor time."""

    clock: float
    imports: float
    processor: float


def measure(arguments: argparse.Namespace) -> None:
    print(f"{machine()}\n")
    rounds = max(arguments.rounds, LEAST_ROUNDS)
    starts = [(start(EMPTY), start(OURS)) for _ in range(rounds + 1)][1:]
    empty, ours = (middle([pair[who] for pair in starts]) for who in (0, 1))
    header = (f"median of {rounds} starts", "empty window, ms", "Finetuner, ms", "ratio")
    print_table(header, (row(*figures) for figures in zip(WORDS, empty, ours, strict=True)))
    print("\nAfter the first paint, while the rest loads:\n")
    print_table(("ticks", "p50 ms", "p99 ms", "max ms"), [afterwards() for _ in range(3)])


WORDS = ("from the start of the process", "from the first import", "processor time")


def row(words: str, empty: float, ours: float) -> tuple[str, ...]:
    return words, f"{empty * 1000:.0f}", f"{ours * 1000:.0f}", f"{ours / empty:.2f}"


def middle(starts: list[Start]) -> Start:
    return Start(*(median(figures) for figures in zip(*starts, strict=True)))


def start(code: str) -> Start:
    """Start the program `BEGIN` and `code`, until its window is painted."""
    began = time.time()
    told = json.loads(run(BEGIN + code))
    return Start(told["painted"] - began, told["imports"], told["processor"])


def afterwards() -> tuple[object, ...]:
    """How late the event loop is in the three seconds after the first paint."""
    row: list[object] = json.loads(run(AFTERWARDS))
    return tuple(row[1:])


def run(code: str) -> str:
    """What a fresh interpreter prints, with bytecode kept in the benchmark's own folder."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(Path(os.environ["FINETUNER_HOME"]) / "bytecode")
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    ).stdout
