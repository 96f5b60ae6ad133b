"""An exported file in figures: its size, its speed on this machine, how well it answers."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from finetuner.engine.events import Certificate, FileFigures
from finetuner.engine.exporters.exporter import Exporter, Model, Pixels, Smaller

_TIMED_RUNS = 10
_TIMED_SHAPE = (480, 640, 3)


def figures(format: Exporter, name: str, found: Certificate, target: Path, full: Path) -> tuple[FileFigures, ...]:
    """The file's; before them those of the full file where there is one. Its answers are the app's."""
    measured = {name: (target, found.agreement, found.accuracy)}
    if isinstance(format, Smaller):
        measured = {format.reference: (full, 1.0, found.app_accuracy)} | measured
    speeds = milliseconds([format.reopen(path) for path, _, _ in measured.values()])
    return tuple(
        FileFigures(
            format=title, size_mb=size_of(path) / 1e6, milliseconds=speed, agreement=agreement, accuracy=accuracy
        )
        for (title, (path, agreement, accuracy)), speed in zip(measured.items(), speeds, strict=True)
    )


def milliseconds(models: Sequence[Model]) -> list[float]:
    """The median time of one 640 x 480 image for each model, after one to warm up. They take turns."""
    picture = np.zeros(_TIMED_SHAPE, np.uint8)
    times = [[_seconds(model, picture) for model in models] for _ in range(_TIMED_RUNS + 1)]
    return [float(seconds) * 1000 for seconds in np.median(times[1:], axis=0)]


def _seconds(model: Model, picture: Pixels) -> float:
    start = time.perf_counter()
    model(picture)
    return time.perf_counter() - start


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())
