"""From a camera's frames to a model that knows what is in front of it: each part of the time, starter backbone.

The camera is a window that wanders over photos of --data (two classes), with a camera's noise: 640 x 480, ten bursts of
--count / 10 frames. Told is what a frame costs (thinned and written; looked at), and what a re-fit on all of them
costs, from the features in memory to the head in memory; each in milliseconds of the clock and of the processor. How
many actions it takes is counted by a test (`test_from_nothing_to_live_in_four_actions`).
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from benchmarks.processor import processor_seconds
from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.dataset.scan import scan
from finetuner.engine.events import ImagesScanned, LessonFitted, LessonPrepared
from finetuner.engine.job import Job
from finetuner.engine.prediction.predictor import Pixels
from finetuner.engine.requests import FitLessonRequest, PrepareLessonRequest, ScanRequest
from finetuner.engine.teaching.captured import CapturedSet
from finetuner.engine.teaching.extractor import Extractor
from finetuner.engine.teaching.fit import fit
from finetuner.engine.teaching.head import TaughtHead
from finetuner.engine.teaching.lesson import Lesson
from finetuner.engine.teaching.prepare import prepare

BURSTS = 10
WIDTH, HEIGHT = 640, 480
REFITS = 5
NOISE = 6
Given = TypeVar("Given")


def measure(arguments: argparse.Namespace) -> None:
    print(f"{machine()}\n")
    frames = arguments.count
    photos = photos_of(arguments.data, 2, BURSTS // 2)
    rows: list[tuple[str, ...]] = []
    ready = timed(rows, "the network made ready, once for this machine", 1, lambda: last(prepare(request())))
    assert isinstance(ready, LessonPrepared)
    network, lesson = Extractor(Path(ready.extractor)), Lesson(CapturedSet(paths.data_dir() / "captured" / "bench"))
    kept = timed(rows, "a frame: thinned, written", frames, lambda: recorded(lesson, photos, frames))
    timed(rows, "a kept frame: what the network sees", kept, lambda: learned(lesson, network))
    file = paths.cache_dir() / "lesson.safetensors"
    fits = FitLessonRequest(lesson=file, out=file.with_name("head.safetensors"))
    for number in range(REFITS):
        timed(rows, f"a re-fit, number {number + 1}", 1, lambda: refitted(lesson, fits))
    told = last(fit(fits))
    assert isinstance(told, LessonFitted)
    print_table(("part", "times", "clock ms", "processor ms"), rows)
    print(f"\n{kept} of {frames} frames kept; {told.hits} of {told.n} right, from {told.bursts} unseen bursts.")


def request() -> PrepareLessonRequest:
    return PrepareLessonRequest(job=Job())


def last(events: Iterator[object]) -> object:
    *_, ending = events
    return ending


def timed(rows: list[tuple[str, ...]], part: str, times: int, work: Callable[[], Given]) -> Given:
    clock, processor = time.perf_counter(), processor_seconds()
    result = work()
    spent = (time.perf_counter() - clock, processor_seconds() - processor)
    rows.append((part, str(times), *(f"{seconds / times * 1000:,.1f}" for seconds in spent)))
    return result


def photos_of(data: Path, classes: int, of_each: int) -> dict[str, list[Pixels]]:
    """The first photos of the first classes, each large enough for a window to wander over it."""
    found: dict[str, list[Pixels]] = {}
    for event in scan(ScanRequest(data=data)):
        for image in event.images if isinstance(event, ImagesScanned) else ():
            photos = found.setdefault(image.label, [])
            if len(photos) < of_each and (image.label in list(found)[:classes]):
                with Image.open(image.path) as opened:
                    photos.append(np.asarray(opened.convert("RGB").resize((WIDTH * 3 // 2, HEIGHT * 3 // 2))))
    return dict(list(found.items())[:classes])


def stream(photo: Pixels, count: int, seed: int) -> Iterator[Pixels]:
    """A window that wanders over a photo, with noise that is new in each frame."""
    generator = np.random.default_rng(seed)
    for number in range(count):
        x = int(WIDTH / 4 * (1 + np.sin(number / 9)))
        y = int(HEIGHT / 4 * (1 + np.cos(number / 13)))
        window = photo[y : y + HEIGHT, x : x + WIDTH].astype(np.int16)
        yield (window + generator.normal(0, NOISE, window.shape)).clip(0, 255).astype(np.uint8)


def recorded(lesson: Lesson, photos: dict[str, list[Pixels]], frames: int) -> int:
    """How many of the frames were kept."""
    for label, its in photos.items():
        lesson.captured.add_class(label)
        for place, photo in enumerate(its):
            burst = f"{len(lesson.frames):08x}"
            for pixels in stream(photo, frames // BURSTS, place):
                lesson.capture(pixels, label, burst)
    return len(lesson.frames)


def learned(lesson: Lesson, network: Extractor) -> None:
    while lesson.learn(network):
        continue


def refitted(lesson: Lesson, request: FitLessonRequest) -> TaughtHead:
    """Features written, the head solved twice (once to be measured), and read back."""
    lesson.rows().save(request.lesson)
    list(fit(request))
    return TaughtHead.load(request.out)
