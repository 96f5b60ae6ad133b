"""The Live page with a video for `--minutes`: does memory grow, is the window at hand, is an old frame ever shown?

A probe learns drawn pictures, as in `live`; a video of 640 x 480 wanders over the photos of --data again and again.
Memory is what the process holds alone (see `footprint`), told for each fifth of the time. An answer's age is counted
from its frame's arrival to the label's painting, in units of the milliseconds that the page tells for a frame then.
Counted apart: *taken back*, labels that grew too old while they were put on the screen; *told late*, those that say
themselves how late they are, as none was in time for half a second; *at rest*, answers to the last frame when the video
stood still.
"""

import argparse
import io
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import Any, cast

from PIL import Image, ImageOps
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.footprint import anonymous_mb
from benchmarks.lateness import Clock, settle
from benchmarks.live import trained
from benchmarks.results import Result, Table
from finetuner.engine.dataset.walk import Walk
from finetuner.engine.launchers import LAUNCHERS
from finetuner.engine.prediction.stream import LiveAnswer
from finetuner.frame_sources.frame import Frame
from finetuner.gui import theme
from finetuner.gui.app import paint_without_opengl
from finetuner.gui.pages.live import LivePage
from finetuner.gui.pages.live.answerer import QUIET_MS
from finetuner.gui.pages.live.panel import Panel
from finetuner.gui.session import Session

SIZE = (640, 480)
FRAMES, A_PHOTO = 500, 50
PARTS = 5
LOOK_MS = 1000
SETTLE_MS = 5000


def measure(arguments: argparse.Namespace) -> Result:
    paint_without_opengl()
    theme.apply(cast(QApplication, QApplication.instance() or QApplication([])), "light")
    _, model = trained(arguments)
    with tempfile.TemporaryDirectory(prefix="finetuner-endurance-") as folder:
        endured = Endured(model, video(arguments.data, Path(folder) / "wander.mjpeg"))
        endured.run(60 * arguments.minutes)
    return Result(records=(endured.record(),), tables=(endured.table(),), remark=__doc__ or "")


def video(photos: Path, target: Path) -> Path:
    """Motion JPEG, which Qt plays with 25 frames a second."""
    files = [Path(entry.path) for entry in Walk(photos) if not entry.reason]
    with open(target, "wb") as film:
        for picture in islice(wandering(cycle(files)), FRAMES):
            content = io.BytesIO()
            picture.save(content, "JPEG", quality=90)
            film.write(content.getvalue())
    return target


def wandering(files: Iterator[Path]) -> Iterator[Image.Image]:
    """From one edge of each photo to the other."""
    width, height = SIZE
    for file in files:
        with Image.open(file) as opened:
            photo = ImageOps.fit(opened.convert("RGB"), (width + A_PHOTO, height))
        yield from (photo.crop((left, 0, left + width, height)) for left in range(A_PHOTO))


class Endured:
    """The page, and what it was like."""

    def __init__(self, model: Path, film: Path) -> None:
        self.session = Session(lambda name: LAUNCHERS[name]())
        self.page = LivePage(self.session)
        self.page.resize(1080, 800)
        self.page.use([model])
        self.page.use([film])
        self.page.panel.show_answer = self.show_answer  # type: ignore[method-assign]
        self.page.viewing.arrived.connect(self.look)
        self.newest = 0.0
        self.behind = self.at_rest = self.taken_back = 0
        self.ages: list[float] = []
        self.memory: list[float] = []
        self.clock = Clock()

    def run(self, seconds: float) -> None:
        loop, looks = QEventLoop(), QTimer(interval=LOOK_MS)
        self.page.show()
        self.page.start()
        settle(SETTLE_MS)
        self.ages.clear()
        self.behind = self.at_rest = self.taken_back = 0
        looks.timeout.connect(lambda: self.memory.append(anonymous_mb()))
        looks.start()
        self.clock.start()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()
        self.clock.stop()
        looks.stop()
        self.page.stop()
        self.session.close()
        self.page.deleteLater()

    def show_answer(self, answer: LiveAnswer, wanted: Callable[[], bool]) -> bool:
        """In the place of the panel's own; painting is part of an answer's age."""
        asked: list[tuple[bool, float]] = []

        def asking() -> bool:
            asked.append((wanted(), time.monotonic() - answer.arrived))
            return asked[-1][0]

        shown = Panel.show_answer(self.page.panel, answer, asking)
        age = asked[-1][1]
        self.taken_back += [said for said, _ in asked] == [True, False]
        if shown and answer.behind:
            self.behind += 1
        elif shown and answer.arrived == self.newest and age * 1000 > QUIET_MS:
            self.at_rest += 1
        elif shown:
            self.ages.append(age * 1000 / answer.milliseconds)
        return shown

    def look(self, frame: Frame) -> None:
        self.newest = frame.arrived

    def record(self) -> dict[str, Any]:
        late = sorted(self.clock.late)
        edges = [len(self.memory) * part // PARTS for part in range(PARTS + 1)]
        return {
            "minutes": len(self.memory) * LOOK_MS / 60_000,
            "answers": len(self.ages),
            "older_than_two": sum(age > 2 for age in self.ages),
            "taken_back": self.taken_back,
            "told_late": self.behind,
            "at_rest": self.at_rest,
            "oldest": max(self.ages),
            "p99_ms": late[int(len(late) * 0.99)],
            "max_ms": late[-1],
            "parts_mb": [max(self.memory[a:b]) for a, b in pairwise(edges)],
        }

    def table(self) -> Table:
        found = self.record()
        return Table(
            "",
            (
                "minutes",
                "answers",
                "oldest shown",
                "older than two",
                "taken back",
                "told late",
                "at rest",
                "window late p99 ms",
                "max ms",
                "MB at most, by fifths",
            ),
            (
                (
                    f"{found['minutes']:.1f}",
                    f"{found['answers']:,}",
                    f"{found['oldest']:.2f}",
                    str(found["older_than_two"]),
                    str(found["taken_back"]),
                    str(found["told_late"]),
                    str(found["at_rest"]),
                    f"{found['p99_ms']:.1f}",
                    f"{found['max_ms']:.1f}",
                    ", ".join(f"{each:,.0f}" for each in found["parts_mb"]),
                ),
            ),
        )
