"""The end of a run: its best model, measured exactly as it will be deployed."""

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from finetuner.engine.backbones.deployed import Trained, load_best, save_best
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.evaluation.calibration import fit_temperature
from finetuner.engine.evaluation.report import write_report
from finetuner.engine.evaluation.scores import scores
from finetuner.engine.evaluation.tables import read_predictions, write_metrics, write_predictions
from finetuner.engine.events import EpochEnded, Event, Progress, Scores, TrainSummary
from finetuner.engine.strategies import STRATEGIES
from finetuner.engine.training.position import Position
from finetuner.engine.training.setting import Setting

_BATCH = 32


def measure_best(setting: Setting, position: Position) -> Generator[Event, None, TrainSummary]:
    """Score the best model on the validation files through the deployed path; calibrate; write the reports."""
    trained = load_best(setting.run.path)
    trained.deployed.to(setting.device)
    files = [setting.cache.files[index] for index in setting.val]
    truth = [setting.labels[index] for index in setting.val]
    logits = yield from _logits(trained, files, setting.device)
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


def _logits(trained: Trained, files: Sequence[Path], device: torch.device) -> Generator[Event, None, np.ndarray]:
    parts: list[Tensor] = []
    preprocess, model = trained.deployed.preprocess, trained.network.model.to(device).eval()
    for start in range(0, len(files), _BATCH):
        inputs = [preprocess(image.to(device)) for image in _images(files[start : start + _BATCH])]
        with torch.no_grad():
            parts.append(model(torch.cat(inputs)).float().cpu())
        yield Progress(activity="Measuring the best model", done=sum(map(len, parts)), total=len(files))
    return torch.cat(parts).numpy()


def _images(files: Sequence[Path]) -> Iterator[Tensor]:
    """1,H,W,3 uint8 each, decoded ahead."""
    with ThreadPoolExecutor(2, thread_name_prefix="decode") as pool:
        for image in pool.map(open_rgb, files):
            yield torch.from_numpy(np.array(image))[None]


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
        val_images=len(setting.val),
        seconds=position.seconds,
        images_per_second=position.images_total / position.seconds if position.seconds else 0.0,
        device=str(setting.device),
        precision=setting.precision,
        strategy=setting.strategy,
        backbone=setting.network.name,
    )
