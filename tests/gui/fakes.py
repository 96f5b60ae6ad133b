"""A launcher that replays: what the engine would have said, without the engine."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image

from finetuner.engine.events import Event, ImagesScanned, ScanEnded, ScannedImage, ScanProblem
from finetuner.engine.requests import Request


class FakeTask:
    """Replays events; with `endless` it then waits to be stopped."""

    def __init__(self, events: Iterable[Event], endless: bool) -> None:
        self.events, self.endless = tuple(events), endless
        self.stopped = threading.Event()
        self.thread: int | None = None

    def __iter__(self) -> Iterator[Event]:
        self.thread = threading.get_ident()
        for event in self.events:
            yield event
            if self.stopped.is_set():
                return
        if self.endless:
            self.stopped.wait()

    def stop(self) -> None:
        self.stopped.set()

    def leave(self) -> None:
        self.stopped.set()


class FakeLauncher:
    """`answers[task]` are the events of a request; tasks in `endless` go on until they are stopped."""

    def __init__(self, **answers: Iterable[Event]) -> None:
        self.answers = answers
        self.endless: set[str] = set()
        self.requests: list[Request] = []
        self.tasks: list[FakeTask] = []
        self.closed = False

    def start(self, request: Request) -> FakeTask:
        self.requests.append(request)
        task = FakeTask(self.answers.get(request.task, ()), request.task in self.endless)
        self.tasks.append(task)
        return task

    def close(self) -> None:
        self.closed = True


def images(folder: Path, per_class: int = 3, classes: tuple[str, ...] = ("ant", "bee")) -> tuple[ScannedImage, ...]:
    """Small pictures on disk, as a scan would tell of them."""
    found = []
    for label in classes:
        (folder / label).mkdir(parents=True, exist_ok=True)
        for number in range(per_class):
            path = folder / label / f"{number}.png"
            Image.new("RGB", (24, 16), (40 * number, 90, 120)).save(path)
            found.append(ScannedImage(path=str(path), label=label, width=24, height=16, format="PNG"))
    return tuple(found)


def scan(folder: Path, found: tuple[ScannedImage, ...]) -> tuple[Event, ...]:
    """A whole scan: the images in one batch, then the end, with one file set aside."""
    labels = [image.label for image in found]
    problem = ScanProblem(path=str(folder / "notes.txt"), reason="This is a text, not an image.")
    ended = ScanEnded(
        folder=str(folder), classes={label: labels.count(label) for label in sorted(set(labels))},
        splits={"train": len(found) - 2, "val": 2}, used=len(found), excluded=1, seen=len(found) + 1,
        problems=(problem,), notices=("Two images are alike.",),
    )  # fmt: skip
    return ImagesScanned(images=found), ended
