"""Every way by which a stranger's weights come into the program. Each opens the file as the program would."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from finetuner.cli.backbones import backbones as backbones_verb
from finetuner.engine.backbones import on_disk, shelf
from finetuner.engine.backbones.catalogue import catalogue
from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.backbones.network import build
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.tables import read_metrics, read_predictions
from finetuner.engine.events import Failed
from finetuner.engine.job import BackbonePart, Job
from finetuner.engine.launchers.tasks import told
from finetuner.engine.launchers.watch import attach
from finetuner.engine.prediction.predictor import open_model
from finetuner.engine.prediction.training_images import learned_from
from finetuner.engine.requests import CatalogueRequest, InspectWeightsRequest, PlanRequest, ResumeRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.runs import describe, list_runs
from finetuner.engine.training.loop import resume

Way = Callable[[Path], object]
NETWORK = "test_resnet"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def ways(run: Path) -> dict[str, Way]:
    """Name -> a function that opens a file. `run` is a finished run, which is spoiled and mended."""
    return {
        "train --weights --backbone": lambda path: build(BackbonePart(backbone=NETWORK, weights=path), 2),
        "train --weights": lambda path: build(BackbonePart(weights=path), 2),
        "backbones --inspect": _inspected_on_the_command_line,
        "the window's inspection": _inspected_in_the_window,
        "the plan of a job": lambda path: _last(told(PlanRequest(job=Job().changed(weights=path)), lambda: False)),
        "the weights folder": _from_the_weights_folder,
        "the hub's cache": _from_the_hub,
        "torchvision's cache": _from_torchvision,
        "the best model of a run": lambda path: _spoiled(run, "best", path, lambda: load_best(run)),
        "a checkpoint of a run": lambda path: _resumed(run, path),
        "predict MODEL": open_model,
    }


def run_ways() -> dict[str, Way]:
    """Name -> a function that opens a stranger's run folder."""
    return {
        "the list of runs": lambda run: list_runs(run.parent),
        "a run's figures": describe,
        "watching a run": lambda run: list(attach(run)),
        "a run's best model": load_best,
        "predict RUN": open_model,
        "a run's scores": read_metrics,
        "a run's answers": read_predictions,
        "a run's training images": lambda run: learned_from(run, []),
        "a run's classes and images": lambda run: (RunFolder.open(run).classes, RunFolder.open(run).pinned("val")),
        "train --resume": lambda run: list(resume(ResumeRequest(run=run))),
        "train --job": lambda run: Job.load(run / "job.toml"),
    }


def _inspected_on_the_command_line(path: Path) -> None:
    with redirect_stdout(io.StringIO()):
        backbones_verb(inspect=path)


def _inspected_in_the_window(path: Path) -> None:
    _last(told(InspectWeightsRequest(weights=path), lambda: False))


def _last(events: object) -> None:
    """What the window would be told: a failure that nobody understood has details."""
    *_, last = events  # type: ignore[misc]
    if isinstance(last, Failed):
        raise RuntimeError(last.sentence) if last.details else FinetunerError(last.sentence, last.next_step)


def _from_the_weights_folder(path: Path) -> None:
    name = f"{NETWORK}.gift"
    with Placed(path, on_disk.weights_dir() / f"{name}{path.suffix}"):
        list(catalogue(CatalogueRequest(search=NETWORK)))
        build(BackbonePart(backbone=name), 2)


def _from_the_hub(path: Path) -> None:
    entry = next(entry for entry in shelf.entries() if entry.architecture == NETWORK and entry.hub)
    folder = on_disk.hub_cache() / f"models--{entry.hub.partition('@')[0].replace('/', '--')}"
    (folder / "refs").mkdir(parents=True, exist_ok=True)
    (folder / "refs" / "main").write_text(COMMIT)
    name = "model.safetensors" if path.suffix == ".safetensors" else "pytorch_model.bin"
    with Placed(path, folder / "snapshots" / COMMIT / name):
        build(BackbonePart(backbone=entry.name), 2)


def _from_torchvision(path: Path) -> None:
    entry = next(entry for entry in shelf.entries() if entry.name == "torchvision/squeezenet1_1")
    with Placed(path, on_disk.torch_cache() / entry.file):
        build(BackbonePart(backbone=entry.name), 2)


class Placed:
    """The file as it is, pipes and links too, at another place for a while."""

    def __init__(self, path: Path, place: Path) -> None:
        self.path, self.place = path, place

    def __enter__(self) -> None:
        self.place.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists() or self.path.is_symlink():
            self.path.rename(self.place)

    def __exit__(self, *_: object) -> None:
        if self.place.exists() or self.place.is_symlink():
            self.place.rename(self.path)


def _spoiled(run: Path, part: str, path: Path, opening: Callable[[], object]) -> None:
    """Open a run whose `part` holds the file in the place of its weights."""
    weights = run / part / "model.safetensors"
    kept = weights.with_suffix(".kept")
    weights.rename(kept)
    try:
        with Placed(path, weights):
            opening()
    finally:
        kept.rename(weights)


def _resumed(run: Path, path: Path) -> None:
    """Go on from a checkpoint whose manifest vouches for the file."""
    copy = run.with_name("resumed")
    shutil.copytree(run, copy, symlinks=True)
    try:
        checkpoint = max((copy / "checkpoints").iterdir())
        _spoiled(copy, f"checkpoints/{checkpoint.name}", path, lambda: _resume(copy, checkpoint))
    finally:
        shutil.rmtree(copy)


def _resume(run: Path, checkpoint: Path) -> None:
    vouch(checkpoint, "model.safetensors")
    for _ in resume(ResumeRequest(run=run)):
        continue


def vouch(checkpoint: Path, name: str) -> None:
    """Put a file's true size and hash into the checkpoint's manifest."""
    manifest = checkpoint / "MANIFEST.json"
    facts = json.loads(manifest.read_text())
    path = checkpoint / name
    content = path.read_bytes() if path.is_file() and path.stat().st_size < 2**28 else b""
    facts["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest.write_text(json.dumps(facts))
