"""What was taught, as the job of an ordinary run: Results, Explain and Export then work as with any other.

The run splits the captured set as `fit` does. Where teaching went on from a run, its images and their splits are listed
in a manifest beside the captured ones. Torch-free.
"""

import csv
import io
from pathlib import Path

from finetuner.engine.dataset.split import assign
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ScannedImage
from finetuner.engine.files import write_text
from finetuner.engine.job import Job
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.teaching.captured import CapturedSet


def job_of(captured: CapturedSet, run: Path | None, backbone: str) -> Job:
    """A probe on what was captured, and on the images of `run` if teaching went on from it.

    Raises FinetunerError when the run cannot be read, or the list cannot be written.
    """
    if run is None:
        return Job().changed(data=captured.folder, backbone=backbone, strategy="probe")
    folder = RunFolder.open(run)
    manifest = captured.folder.with_name(f"{captured.folder.name}-with-{folder.path.name}.csv")
    _write(manifest, [*_of_run(folder), *_of_captured(captured, folder.job)])
    weights = folder.best / "model.safetensors"
    job = folder.job.changed(strategy="probe", weights=weights, pretrained=True, corrections=None, val=None)
    return job.changed(data=manifest)


def _of_run(folder: RunFolder) -> list[tuple[str, str, str]]:
    return [(image.path, image.label, image.split) for image in folder.pinned_images()]


def _of_captured(captured: CapturedSet, job: Job) -> list[tuple[str, str, str]]:
    images = [
        ScannedImage(path=str(frame.path), label=frame.label, group=frame.group, width=0, height=0, format="JPEG")
        for frame in captured.frames()
    ]
    placed = assign(images, job.data.val_split, job.compute.seed)
    return [(image.path, image.label, image.split or "train") for image in placed]


def _write(manifest: Path, lines: list[tuple[str, str, str]]) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("path", "label", "split"))
    table.writerows(lines)
    try:
        write_text(manifest, text.getvalue())
    except OSError as error:
        raise FinetunerError(
            f"The list of images {manifest} cannot be written: {error.strerror}.", "Free some space."
        ) from error
