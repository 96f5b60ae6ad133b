"""The end of a run: its best model, measured exactly as it will be deployed."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from finetuner.engine.backbones.deployed import Trained, load_best, save_best
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.pool import in_order
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.calibration import fit_temperature
from finetuner.engine.evaluation.report import write_report
from finetuner.engine.evaluation.scores import scores
from finetuner.engine.evaluation.tables import read_predictions, write_metrics, write_predictions
from finetuner.engine.events import EpochEnded, Event, Notice, Progress, Scores, TrainSummary
from finetuner.engine.strategies import STRATEGIES
from finetuner.engine.training.position import Position
from finetuner.engine.training.setting import Setting

_BATCH = 32
_CONNECTED = "Is the disk with the images still connected? Then resume the run."


def measure_best(setting: Setting, position: Position) -> Generator[Event, None, TrainSummary]:
    """Score the best model on the validation files through the deployed path; calibrate; write the reports."""
    trained = load_best(setting.run.path)
    trained.deployed.to(setting.device).eval()
    logits, measured = yield from _logits(trained, setting)
    files = [setting.cache.files[index] for index in measured]
    truth = [setting.labels[index] for index in measured]
    temperature = fit_temperature(logits, truth)
    save_best(setting.run.best, trained.network, setting.classes, temperature)
    result = scores(truth, logits, setting.classes, temperature)
    summary = _summary(setting, position, result)
    write_metrics(setting.run.path, result, **summary.model_dump(mode="json"))
    write_predictions(setting.run.path, [str(file) for file in files], truth, logits, setting.classes, temperature)
    _report(setting, result)
    return summary


def _report(setting: Setting, result: Scores) -> None:
    run = setting.run
    curve = [entry.event for entry in run.events.entries() if isinstance(entry.event, EpochEnded)]
    facts = {
        "Backbone": setting.network.name,
        "Weights": setting.network.loaded,
        "Strategy": STRATEGIES[setting.strategy].title,
        "Image size": f"{setting.network.preprocessing.input_size} pixels",
        "Training images": f"{len(setting.train):,}",
        "Device": f"{setting.device}, {setting.precision}",
    }
    write_report(run.path, result, read_predictions(run.path), curve, facts)


def _logits(trained: Trained, setting: Setting) -> Generator[Event, None, tuple[np.ndarray, list[int]]]:
    """n,C logits, and the n validation images that they belong to: one that has vanished meanwhile is left out."""
    parts, measured = list[Tensor](), list[int]()
    for start in range(0, len(setting.val), _BATCH):
        inputs = yield from _inputs(trained, setting, setting.val[start : start + _BATCH])
        with torch.no_grad():
            parts.extend([trained.network.model(torch.cat([*inputs.values()])).float().cpu()] if inputs else [])
        measured.extend(inputs)
        yield Progress(activity="Measuring the best model", done=len(measured), total=len(setting.val))
    if not measured:
        raise FinetunerError("None of the validation images can be read any more.", _CONNECTED)
    return torch.cat(parts).numpy(), measured


def _inputs(trained: Trained, setting: Setting, chosen: list[int]) -> Generator[Event, None, dict[int, Tensor]]:
    """The network's input, 1,3,S,S, for each of these images that can be read."""
    inputs = {}
    files = [setting.cache.files[index] for index in chosen]
    for index, image in zip(chosen, in_order(_opened, files), strict=True):
        if isinstance(image, FinetunerError):
            yield Notice(sentence=f"Left out: {image.sentence}", level="warning")
        else:
            inputs[index] = trained.deployed.preprocess(image.to(setting.device))
    return inputs


def _opened(file: Path) -> Tensor | FinetunerError:
    """1,H,W,3 uint8, or what is wrong with it."""
    try:
        return torch.from_numpy(np.array(open_rgb(file)))[None]
    except FinetunerError as error:
        return error


def _summary(setting: Setting, position: Position, result: Scores) -> TrainSummary:
    return TrainSummary(
        run=str(setting.run.path),
        classes=setting.classes,
        epochs=position.epoch,
        best_epoch=position.best_epoch,
        val_accuracy=result.accuracy,
        val_accuracy_interval=result.accuracy_interval,
        val_loss=result.loss,
        train_images=len(setting.train),
        val_images=result.n,
        seconds=position.seconds,
        images_per_second=position.images_total / position.seconds if position.seconds else 0.0,
        device=str(setting.device),
        precision=setting.precision,
        strategy=setting.strategy,
        backbone=setting.network.name,
    )
