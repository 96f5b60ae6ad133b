"""A run's report and model card, written from what its folder holds: at its end, and whenever more is known of it."""

import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from finetuner import __version__
from finetuner.engine.dataset.corrections import Corrections, must_be_there
from finetuner.engine.dataset.manifest import SUFFIXES
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.findings import read_findings
from finetuner.engine.evaluation.model_card import Facts, write_card
from finetuner.engine.evaluation.report import write_report
from finetuner.engine.evaluation.tables import read_metrics, read_predictions
from finetuner.engine.events import Certificate, EpochEnded, Event, RunStarted
from finetuner.engine.job import Job
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.unknown import Unknown
from finetuner.engine.strategies import STRATEGIES
from finetuner.engine.training.first_start import weights_told


def publish(run: RunFolder) -> None:
    """Write `report.html` and `model_card.md` anew. Raises FinetunerError when the run has no figures."""
    scores, findings, facts = read_metrics(run.path), read_findings(run.path), facts_of(run)
    curve = [event for event in _events(run) if isinstance(event, EpochEnded)]
    told = {**facts.model, **facts.data}
    unknown = Unknown.load(run.path)
    write_report(run.path, scores, read_predictions(run.path), curve, told, findings=findings, unknown=unknown)
    write_card(run.card_file, facts, scores, findings, unknown=unknown)


def publish_card(run: RunFolder, target: Path, certificate: Certificate) -> Path:
    """Write the card of an exported file beside it. Raises FinetunerError when the run has no figures, OSError."""
    scores, findings, unknown = read_metrics(run.path), read_findings(run.path), Unknown.load(run.path)
    return write_card(target, facts_of(run), scores, findings, certificate, unknown)


def facts_of(run: RunFolder) -> Facts:
    """What the run's folder tells of it."""
    job, classes = run.job, run.classes
    events = list(_events(run))
    started = next((event for event in reversed(events) if isinstance(event, RunStarted)), None)
    return Facts(
        name=run.path.name,
        model=_model(job, started, events) if started else {},
        data=_data(run, job),
        versions=_versions(),
        classes=classes,
    )


def _events(run: RunFolder) -> Iterator[Event]:
    return (entry.event for entry in run.events.entries())


def _model(job: Job, started: RunStarted, events: list[Event]) -> dict[str, str]:
    strategy = STRATEGIES.get(started.strategy)
    loaded = weights_told(events)
    return {
        "Backbone": started.backbone,
        **({"Weights": loaded} if loaded else {}),
        "Strategy": strategy.title if strategy else started.strategy,
        "Image size": f"{started.image_size} pixels",
        "Device": f"{started.device}, {started.precision}",
        "Seed": str(job.compute.seed),
    }


def _data(run: RunFolder, job: Job) -> dict[str, str]:
    images = run.pinned_images()
    counts = {split: sum(image.split == split for image in images) for split in ("train", "val")}
    told = {
        "Images": job.data.data.name if job.data.data else "not told",  # whole paths tell strangers too much
        "Training images": f"{counts['train']:,}",
        "Validation images": f"{counts['val']:,}, {_divided(job)}",
    }
    return {**told, "Corrections": _corrected(job.data.corrections)} if job.data.corrections else told


def _divided(job: Job) -> str:
    if job.data.val:
        return f"from {job.data.val.name}"
    return f"a share of {job.data.val_split:.0%} of each class unless the folder divides them, seed {job.compute.seed}"


def _corrected(file: Path) -> str:
    """What was put right before this run. In a manifest that is not told from what was right already."""
    if file.suffix.lower() in SUFFIXES:
        return f"labels as listed in {file.name}"
    try:
        must_be_there(file)
        return _counted(Corrections.load(file))
    except FinetunerError:
        return f"those of {file.name}, which cannot be read any more"


def _counted(said: Corrections) -> str:
    labels = sum(one.label is not None and not one.excluded for one in said.images.values())
    left_out = sum(one.excluded for one in said.images.values())
    return f"labels put right: {labels:,}, images left out: {left_out:,}"


def _versions() -> dict[str, str]:
    return {
        "finetuner": __version__,
        "Python": platform.python_version(),
        "torch": version("torch"),
        "timm": version("timm"),
    }
