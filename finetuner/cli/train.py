"""finetuner train: run a job, from flags, from a file, or both; or go on with an interrupted one."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from finetuner.cli.output import drive, print_json, say
from finetuner.cli.usage import WrongUsageError
from finetuner.engine import paths
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.certainty import beside
from finetuner.engine.events import RunEnded
from finetuner.engine.job import (
    AugmentationPart,
    BackbonePart,
    ComputePart,
    DataPart,
    Job,
    OptimisationPart,
    Part,
    StrategyPart,
    WatchPart,
)
from finetuner.engine.requests import Request, ResumeRequest, TrainRequest
from finetuner.engine.run_store.places import reserved

_FLAT = Parameter(name="*")


def train(
    folder: Annotated[Path | None, Parameter(name="DATA")] = None,
    /,
    *,
    out: Path | None = None,
    job: Path | None = None,
    resume: Path | None = None,
    data: Annotated[DataPart | None, _FLAT] = None,
    backbone: Annotated[BackbonePart | None, _FLAT] = None,
    strategy: Annotated[StrategyPart | None, _FLAT] = None,
    optimisation: Annotated[OptimisationPart | None, _FLAT] = None,
    augmentation: Annotated[AugmentationPart | None, _FLAT] = None,
    compute: Annotated[ComputePart | None, _FLAT] = None,
    watching: Annotated[WatchPart | None, _FLAT] = None,
    json: bool = False,
) -> None:
    """Train on DATA: a folder of labelled images, or a CSV/TSV manifest.

    Parameters
    ----------
    folder
        Folder of labelled images, or CSV/TSV manifest.
    out
        The new run's folder; default: among your runs.
    job
        Start from this job.toml; flags override it.
    resume
        Go on with this interrupted run.
    json
        Print the result as JSON.
    """
    parts = [data, backbone, strategy, optimisation, augmentation, compute, watching]
    if resume is not None:
        _refuse_changes(folder, out, job, *parts)
        return run_request(ResumeRequest(run=resume), json)
    described = complete(Job.load(job) if job else Job(), parts, folder)
    run_request(TrainRequest(job=described, run=(out or reserved(new_run(described))).absolute()), json)


def _refuse_changes(*given: Any) -> None:
    if any(value is not None for value in given):
        raise WrongUsageError("A resumed run goes on as it was started.", "Give nothing but --resume RUN and --json.")


def complete(job: Job, parts: list[Any], folder: Path | None) -> Job:
    """The job with the flags that were given, its paths absolute, so that it can be replayed from anywhere."""
    given = {name: getattr(part, name) for part in parts if isinstance(part, Part) for name in part.model_fields_set}
    if folder is not None:
        given["data"] = folder
    job = job.changed(**given)
    if job.data.data is None:
        raise WrongUsageError("No images were named.", "Give a folder: finetuner train DATA")
    located = {
        "data": job.data.data,
        "val": job.data.val,
        "corrections": job.data.corrections,
        "weights": job.backbone.weights,
    }
    watched = job.watching.image
    absolute = {name: path.absolute() for name, path in located.items() if path is not None}
    return job.changed(**absolute, watch=str(watched.absolute()) if watched else job.watching.watch)


def new_run(job: Job, word: str = "") -> Path:
    """A place among the user's runs, called after the data, the strategy (or `word`) and the time."""
    name = job.data.data.stem if job.data.data else "run"
    return paths.runs_dir() / f"{name}-{word or job.strategy.strategy}-{datetime.now():%Y%m%d-%H%M%S}"


def run_request(request: Request, as_json: bool) -> None:
    """Train, and say what came of it. Raises FinetunerError when the run failed."""
    from finetuner.engine.launchers.tasks import generator

    for event in drive(generator(request)):
        if isinstance(event, RunEnded):
            _report(event, as_json)


def _report(ended: RunEnded, as_json: bool) -> None:
    """The figures on stdout; a run that failed is a sentence on stderr, whatever it kept."""
    if ended.summary is not None and as_json:
        print_json(ended.summary.model_dump(mode="json"))
    elif ended.summary is not None:
        end = ended.summary
        say(f"{ended.sentence} {end.val_accuracy:.1%} right on {end.val_images} validation images")
        say(f"({beside(end.val_images, end.val_accuracy_interval)}). The run is in {end.run}")
    if ended.status == "failed":
        raise FinetunerError(ended.sentence, ended.next_step)
