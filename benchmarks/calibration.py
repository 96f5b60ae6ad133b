"""Does temperature scaling make 80 % mean 80 % on images that it was not fitted on?

    python -m benchmarks calibration --data DIR --weights FILE --epochs 5

`--data` holds labelled folders, and zip archives of many classes, from which two sets are cut. On each set a probe and
a full fine-tuning are trained. Their held-out images are halved; the temperature is fitted on one half and judged on
the other, and the other way round. Then the run is exported: does the file give the scaled probabilities?
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.results import Record, Result, Table
from benchmarks.strategies import job, trained
from benchmarks.subsets import cut
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.evaluation.calibration import fit_temperature, reliability
from finetuner.engine.evaluation.numeric import log_softmax, softmax
from finetuner.engine.exporters.export import export
from finetuner.engine.prediction.predictor import open_model
from finetuner.engine.requests import ExportRequest
from finetuner.engine.run_store.run_folder import RunFolder

STRATEGIES = ("probe", "full")
SETS, MORE = 2, 150
SPLITS, DRAWS = 100, 1000
_BATCH = 32

Logits = NDArray[np.float32]
Figures = NDArray[np.float64]
"""ECE before and after, cross-entropy before and after."""
Half = Callable[[NDArray[np.int_]], NDArray[np.int_]]


@dataclass(frozen=True)
class Answered:
    """n held-out images: their logits n,C, probabilities n,C and classes n."""

    logits: Logits
    probabilities: Logits
    truth: NDArray[np.int_]


def measure(arguments: argparse.Namespace) -> Result:
    """Every set with every strategy."""
    records = []
    with tempfile.TemporaryDirectory(prefix="finetuner-calibration-") as place:
        for data in (*folders(arguments.data), *cut(sorted(arguments.data.glob("*.zip")), Path(place), SETS, MORE)):
            for strategy in STRATEGIES:
                print(f"{data.name}, {strategy}", file=sys.stderr, flush=True)
                records.append(_measured(data, strategy, arguments, Path(place) / f"{data.name}-{strategy}-run"))
    return Result(records=tuple(records), tables=(_table(records),), remark=" ".join((__doc__ or "").split("\n\n")[2:]))


def folders(data: Path) -> list[Path]:
    """The labelled folders, by name."""
    return sorted(path for path in data.iterdir() if path.is_dir() and not path.name.startswith("."))


def crossed(logits: Logits, truth: NDArray[np.int_], one: Half, random: np.random.Generator) -> Figures:
    """Fit on one half and judge on the other, both ways round; the halves are drawn class by class.

    `one` draws from a half what is taken of it: all of it, or as many again for a bootstrap.
    """
    halves = [one(half) for half in _halved(truth, random)]
    scaled, plain = [], []
    for fitted, judged in (halves, halves[::-1]):
        temperature = fit_temperature(logits[fitted], truth[fitted].tolist())
        scaled.append(logits[judged] / temperature)
        plain.append(logits[judged])
    labels = truth[np.concatenate(halves[::-1])]
    figures = [_figures(np.concatenate(said), labels) for said in (plain, scaled)]
    return np.array(list(zip(*figures, strict=True))).ravel()


def judged(logits: Logits, truth: NDArray[np.int_]) -> dict[str, object]:
    """The mean over SPLITS divisions, and 95 % intervals of the changes by DRAWS bootstraps, each divided anew."""
    random = np.random.default_rng(0)
    mean = np.mean([crossed(logits, truth, lambda half: half, random) for _ in range(SPLITS)], axis=0)
    again = lambda half: random.choice(half, len(half))  # noqa: E731
    drawn = np.array([crossed(logits, truth, again, random) for _ in range(DRAWS)])
    return {
        "ece": mean[0],
        "ece_scaled": mean[1],
        "ece_floor": floor(logits, truth, random),
        "ece_change": np.percentile(drawn[:, 1] - drawn[:, 0], (2.5, 97.5)).tolist(),
        "loss": mean[2],
        "loss_scaled": mean[3],
        "loss_change": np.percentile(drawn[:, 3] - drawn[:, 2], (2.5, 97.5)).tolist(),
    }


def floor(logits: Logits, truth: NDArray[np.int_], random: np.random.Generator) -> float:
    """The ECE of a faultless model of the same confidence on as many images (Vaicenavicius et al., 2019).

    Its labels are drawn from the scaled probabilities. It is above zero, since a bin of few images is never exact.
    """
    scaled = logits / fit_temperature(logits, truth.tolist())
    edges = softmax(scaled).cumsum(axis=1)
    drawn = ((random.random((len(truth), 1)) > edges[:, :-1]).sum(axis=1) for _ in range(SPLITS))
    return float(np.mean([reliability(scaled, labels).error for labels in drawn]))


def _figures(logits: Logits, truth: NDArray[np.int_]) -> tuple[float, float]:
    """ECE and cross-entropy."""
    return reliability(logits, truth).error, float(-log_softmax(logits)[np.arange(len(truth)), truth].mean())


def _halved(truth: NDArray[np.int_], random: np.random.Generator) -> Iterator[NDArray[np.int_]]:
    order = random.permutation(len(truth))
    order = order[np.argsort(truth[order], kind="stable")]
    yield from (order[::2], order[1::2])


def _measured(data: Path, strategy: str, arguments: argparse.Namespace, run: Path) -> Record:
    wanted = job(strategy, data, arguments)
    summary = trained(wanted if strategy != "probe" else wanted.changed(epochs=None), run)
    paths, labels = zip(*_held_out(data, RunFolder.open(run)), strict=True)
    truth = np.array([summary.classes.index(label) for label in labels])
    answered = _answered(run, paths, truth)
    temperature = open_model(run).temperature
    return {
        "set": data.name,
        "strategy": strategy,
        "images": len(truth),
        "accuracy": float((answered.logits.argmax(axis=1) == truth).mean()),
        "temperature": temperature,
        **judged(answered.logits, truth),
        **_exported(run, paths, answered, temperature),
    }


def _held_out(data: Path, run: RunFolder) -> list[tuple[Path, str]]:
    """The validation images, and those of `test`, which the run has not seen at all."""
    unseen = [(path, path.parent.name) for path in sorted((data / "test").glob("*/*"))]
    return [*run.pinned("val"), *unseen]


def _answered(model: Path, paths: tuple[Path, ...], truth: NDArray[np.int_]) -> Answered:
    predictor = open_model(model)
    parts = [
        predictor.answer([np.asarray(open_rgb(path)) for path in paths[start : start + _BATCH]])
        for start in range(0, len(paths), _BATCH)
    ]
    logits = np.concatenate([part.logits for part in parts])
    return Answered(logits, np.concatenate([part.probabilities for part in parts]), truth)


def _exported(run: Path, paths: tuple[Path, ...], torch_says: Answered, temperature: float) -> dict[str, float]:
    """How far the file's probabilities are from the run's scaled logits, and from the unscaled ones."""
    file = run / "model.onnx"
    list(export(ExportRequest(run=run, out=file)))
    onnx_says = _answered(file, paths, torch_says.truth)
    scaled, plain = softmax(torch_says.logits, temperature), softmax(torch_says.logits)
    return {
        "onnx_difference": float(np.abs(onnx_says.probabilities - scaled).max()),
        "onnx_from_unscaled": float(np.abs(onnx_says.probabilities - plain).max()),
    }


def _table(records: list[Record]) -> Table:
    header = (
        "set", "strategy", "images", "right", "temperature", "ECE", "scaled", "faultless", "change, 95 %",
        "loss", "scaled", "change, 95 %", "ONNX differs by",
    )  # fmt: skip
    return Table("", header, tuple(_row(record) for record in records))


def _row(record: Record) -> tuple[object, ...]:
    return (
        record["set"],
        record["strategy"],
        record["images"],
        f"{record['accuracy']:.1%}",
        f"{record['temperature']:.2f}",
        *(f"{record[name]:.2%}" for name in ("ece", "ece_scaled", "ece_floor")),
        " to ".join(f"{edge * 100:+.2f}" for edge in record["ece_change"]),
        *(f"{record[name]:.4f}" for name in ("loss", "loss_scaled")),
        " to ".join(f"{edge:+.4f}" for edge in record["loss_change"]),
        f"{record['onnx_difference']:.1e}",
    )
