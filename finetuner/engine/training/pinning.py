"""What a run is about, written down once: which backbone *auto* meant, which image is held out."""

from collections.abc import Generator
from pathlib import Path

from finetuner.engine.backbones.network import settle
from finetuner.engine.dataset.corrections import corrections_from, must_be_there, strange
from finetuner.engine.dataset.scan import scan
from finetuner.engine.dataset.split import assign
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, ImagesScanned, Notice, Progress, ScanEnded, ScannedImage
from finetuner.engine.job import Job
from finetuner.engine.requests import ScanRequest
from finetuner.engine.run_store.run_folder import RunFolder


def pin_backbone(run: RunFolder) -> None:
    """Put the network and the weights that are meant into the run's job: tomorrow *auto* may mean others."""
    job = run.job
    job.model_copy(update={"backbone": settle(job.backbone)}).save(run.job_file)


def pin_dataset(run: RunFolder) -> Generator[Event, None, None]:
    """Scan, split, and pin the result in the run. Raises FinetunerError when nothing can be learned from it."""
    classes, images = yield from divided(run.job)
    run.pin_split(classes, images)


def divided(job: Job) -> Generator[Event, None, tuple[tuple[str, ...], list[ScannedImage]]]:
    """The job's classes in index order, and its images, each with the split that the job puts it in.

    Raises FinetunerError when nothing can be learned from them.
    """
    if job.data.data is None:
        raise FinetunerError("The job names no folder of images.", "Give one: finetuner train DATA")
    if job.data.corrections is not None:
        must_be_there(job.data.corrections)  # told before all images are read
    images = yield from _scanned(ScanRequest(data=job.data.data, val=job.data.val))
    if job.data.corrections is not None:
        images = yield from _corrected(images, job.data.corrections)
    if job.data.val is not None:  # what is held out was said; nothing is drawn or moved
        images = [image.model_copy(update={"split": image.split or "train"}) for image in images]
    assigned = assign(images, job.data.val_split, job.compute.seed)
    classes = tuple(sorted({image.label for image in assigned if image.split == "train"}))
    _check(classes, assigned, job.data.data)
    return classes, [image for image in assigned if image.label in classes]


def _corrected(images: list[ScannedImage], file: Path) -> Generator[Event, None, list[ScannedImage]]:
    corrections = corrections_from(file, images)
    yield from strange(file, corrections, images)
    labelled = sum(corrections.of(image.content).label not in (None, image.label) for image in images)
    kept = corrections.applied(images)
    if labelled or len(kept) < len(images):
        out = len(images) - len(kept)
        yield Notice(sentence=f"From your corrections: labels changed {labelled:,}, images left out {out:,}.")
    return kept


def _scanned(request: ScanRequest) -> Generator[Event, None, list[ScannedImage]]:
    images: list[ScannedImage] = []
    for event in scan(request):
        if isinstance(event, ImagesScanned):
            images.extend(event.images)
        elif isinstance(event, ScanEnded) and event.excluded:
            yield Notice(
                sentence=f"{event.excluded} of {event.seen} files in {event.folder} were set aside.", level="warning"
            )
        elif isinstance(event, Progress):
            yield event
    return images


def _check(classes: tuple[str, ...], images: tuple[ScannedImage, ...], folder: Path) -> None:
    if len(classes) < 2:
        found = f"only the class {classes[0]}" if classes else "no labelled images"
        raise FinetunerError(f"{folder} holds {found}.", "Put the images of each class into a folder of its own.")
    if not any(image.split == "val" and image.label in classes for image in images):
        raise FinetunerError(
            f"{folder} has too few images to set any aside for validation.", "Add images: at least two for each class."
        )
