"""Demo answers for the pages before training (speeds, plan, preview), and the figures of a run for the one after."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from finetuner.engine.backbones.names import find
from finetuner.engine.evaluation.intervals import wilson
from finetuner.engine.evaluation.tables import write_metrics, write_predictions
from finetuner.engine.events import (
    ClassScore,
    Event,
    PlanDrawn,
    PreviewMade,
    Scores,
    SpeedMeasured,
    WeightsInspected,
)
from finetuner.engine.requests import InspectWeightsRequest, PlanRequest, PreviewRequest, SpeedRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.strategies import draw
from finetuner.gui.preview.demo_run import BLOCKS

_PARAMETERS = (928, 14_000, 88_000, 304_000, 540_000, 1_270_000, 2_562)


def _plan(request: PlanRequest) -> Iterator[Event]:
    plan = draw(BLOCKS, request.job.strategy, pretrained=True)
    yield PlanDrawn(
        blocks=BLOCKS,
        block_parameters=_PARAMETERS,
        phases=plan.rows(),
        batch_norm=plan.batch_norm,
        epochs=plan.epochs,
    )


def _preview(request: PreviewRequest) -> Iterator[Event]:
    request.folder.mkdir(parents=True, exist_ok=True)
    with Image.open(request.image) as opened:
        plain = ImageOps.fit(opened.convert("RGB"), (request.size, request.size))
    files = []
    for number in range(request.count):
        files.append(str(request.folder / f"{number}.png"))
        _varied(plain, number).save(files[-1])
    yield PreviewMade(images=tuple(files))


def _varied(plain: Image.Image, number: int) -> Image.Image:
    if number == 0:
        return plain
    side, cut = plain.width, plain.width // 5
    left, top = number * 7 % cut, number * 11 % cut
    cropped = plain.crop((left, top, left + side - cut, top + side - cut)).resize((side, side))
    mirrored = ImageOps.mirror(cropped) if number % 2 else cropped
    return ImageEnhance.Brightness(mirrored).enhance(0.75 + number * 0.11)


def _inspected(request: InspectWeightsRequest) -> Iterator[Event]:
    sentence = "These are mobilenetv2_100 weights: 312 of 314 tensors fit, all but the head."
    yield WeightsInspected(
        path=str(request.weights), backbone="mobilenetv2_100", loaded=312, total=314, sentence=sentence
    )


def _timed(request: SpeedRequest) -> Iterator[Event]:
    for name in request.backbones:
        entry = find(name)
        took = 3.0 + 14.0 * (entry.gmacs or 1.0)
        yield SpeedMeasured(
            backbone=name, architecture=entry.architecture, image_size=entry.input_size, milliseconds=took,
            measured_on="cpu, 2 threads",
        )  # fmt: skip


def judge(run: Path) -> None:
    """Give a run the answers of a good model on its pinned validation images: every ninth is wrong."""
    folder, pinned = RunFolder(run), RunFolder(run).pinned("val")
    classes = folder.classes
    truth = [classes.index(label) for _, label in pinned]
    given = [(index + (number % 9 == 4)) % len(classes) for number, index in enumerate(truth)]
    logits = np.eye(len(classes))[given] * (1.5 + np.arange(len(truth)) % 5)[:, None]
    write_predictions(run, [str(path) for path, _ in pinned], truth, logits, classes)
    write_metrics(run, _scores(classes, truth, given))
    folder.report_file.write_text("<h1>Report</h1>", "utf-8")


def _scores(classes: tuple[str, ...], truth: list[int], given: list[int]) -> Scores:
    pairs = list(zip(truth, given, strict=True))
    numbers = range(len(classes))
    confusion = tuple(tuple(pairs.count((row, column)) for column in numbers) for row in numbers)
    hits = sum(row == column for row, column in pairs)
    return Scores(
        n=len(pairs), accuracy=hits / len(pairs), accuracy_interval=wilson(hits, len(pairs)), loss=0.243,
        classes=classes, confusion=confusion,
        per_class=tuple(_class_score(classes[number], number, confusion) for number in numbers),
    )  # fmt: skip


def _class_score(name: str, number: int, confusion: tuple[tuple[int, ...], ...]) -> ClassScore:
    hits, support = confusion[number][number], sum(confusion[number])
    precision, recall = hits / max(sum(row[number] for row in confusion), 1), hits / max(support, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return ClassScore(name=name, precision=precision, recall=recall, f1=f1, support=support)


ANSWERS: dict[str, Callable[[Any], Iterator[Event]]] = {
    "measure-speed": _timed,
    "plan": _plan,
    "preview": _preview,
    "inspect-weights": _inspected,
}
