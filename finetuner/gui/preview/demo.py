"""A session with demo data. DEMO says which events answer a request; a page's author adds a line for its requests."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from finetuner.engine.events import (
    DeviceChecked,
    DoctorEnded,
    Event,
    Failed,
    ImagesScanned,
    ScanEnded,
    ScannedImage,
    ScanProblem,
)
from finetuner.engine.requests import DoctorRequest, Request, ResumeRequest, ScanRequest, TrainRequest
from finetuner.gui.preview import demo_answers, demo_inside, demo_model, demo_run
from finetuner.gui.session import Session


class DemoTask:
    """Replays events; stopping ends the replay."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._stopped = False

    def __iter__(self) -> Iterator[Event]:
        for event in self._events:
            if self._stopped:
                return
            yield event

    def stop(self) -> None:
        """End the replay."""
        self._stopped = True

    def leave(self) -> None:
        """End the replay."""
        self.stop()


class DemoLauncher:
    """Answers each request with its demo events."""

    def start(self, request: Request) -> DemoTask:
        """The events of DEMO for this request."""
        return DemoTask(DEMO.get(request.task, _unknown)(request))

    def close(self) -> None:
        """Nothing to end."""


def session(data: Path | None = None, empty: bool = False) -> Session:
    """A session that shows `data` (default: the drawn sample) and a finished run; `empty`: a first start."""
    made = Session(lambda name: DemoLauncher())
    if not empty:
        folder = data or _sample()
        made.change_settings(recent=(str(folder), "/home/ada/Pictures/leaves", "/home/ada/Pictures/coins"))
        made.dataset.open(folder)
        home = Path(tempfile.mkdtemp(prefix="finetuner-demo-"))
        made.runs.root = home
        run = demo_run.finished(home, folder)
        demo_model.pin(run, folder)
        demo_answers.judge(run)
        made.set_run(run)
    return made


def _sample() -> Path:
    from finetuner.engine.dataset.sample import draw_sample

    return draw_sample(Path(tempfile.gettempdir()) / "finetuner-demo-sample")


def _scan(request: ScanRequest) -> Iterator[Event]:
    images = tuple(
        _scanned(path) for path in sorted(request.data.rglob("*")) if path.suffix.lower() in (".jpg", ".png")
    )
    for start in range(0, len(images), 64):
        yield ImagesScanned(images=images[start : start + 64])
    labels = [image.label for image in images]
    problems = (
        ScanProblem(path="bees/IMG_2041.jpg", reason="The file is cut short: 3,112 of 48,210 bytes."),
        ScanProblem(path="ants/notes.txt", reason="This is a text, not an image."),
    )
    yield ScanEnded(
        folder=str(request.data),
        classes={label: labels.count(label) for label in sorted(set(labels))},
        splits={split: sum(image.split == split for image in images) for split in ("train", "val", "test")},
        used=len(images),
        excluded=len(problems),
        seen=len(images) + len(problems),
        problems=problems,
        layout="split-folders" if any(image.split for image in images) else "folders",
    )


def _scanned(path: Path) -> ScannedImage:
    with Image.open(path) as image:
        width, height, kind = *image.size, image.format or ""
    split = path.parent.parent.name if path.parent.parent.name in ("train", "val", "test") else None
    return ScannedImage(path=str(path), label=path.parent.name, split=split, width=width, height=height, format=kind)


def _doctor(_: DoctorRequest) -> Iterator[Event]:
    yield DoctorEnded(
        versions={"finetuner": "0.1.0", "torch": "2.15.0", "timm": "1.0.31", "PySide6": "6.11.3"},
        devices=(
            DeviceChecked(device="cpu", name="AMD EPYC 9B14, 2 cores", works=True, chosen=True, gigaflops=205.0),
            DeviceChecked(
                device="cuda",
                name="NVIDIA GPU",
                works=False,
                reason="No NVIDIA driver answers on this machine.",
                fix="Install the NVIDIA driver, then start Finetuner again.",
            ),
        ),
        checks={"Free disk space": "41 GB", "Network": "not used"},
    )


def _train(request: TrainRequest) -> Iterator[Event]:
    yield from demo_run.events(request.run)


def _resume(request: ResumeRequest) -> Iterator[Event]:
    yield from demo_run.events(request.run)


def _unknown(request: Request) -> Iterator[Event]:
    yield Failed(sentence=f"The preview has no demo data for {request.task}.", next_step="Add it to DEMO.")


DEMO: dict[str, Callable[[Any], Iterator[Event]]] = {
    "scan": _scan,
    "doctor": _doctor,
    "train": _train,
    "resume": _resume,
    "explain": demo_model.explain,
    "judge": demo_model.judge,
    "layers": demo_model.layers,
    "export": demo_model.export,
    **demo_answers.ANSWERS,
    **demo_inside.ANSWERS,
}

# what is done on a page before its picture is taken
SHOW: dict[str, Callable[[Any], object]] = {
    "backbone": lambda page: page.shelf.select("convnext_nano"),
    "export": lambda page: page.export(),
    "live": demo_model.look_at_images,
    "preferences": lambda page: page.test_devices(),
    "training": lambda page: page.session.train(),
    "runs": lambda page: page.select(lambda run: run.status == "done"),
}
