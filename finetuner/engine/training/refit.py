"""A run's head solved again on labels that were put right, on the features that its network gives already.

The result is a run of its own: the probe on the old run's best network, with the same division of the images, so that
its figures stand beside the old ones.
"""

from collections.abc import Iterable, Iterator

from finetuner.engine.dataset.corrections import corrections_from, strange
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event
from finetuner.engine.requests import RefitRequest
from finetuner.engine.run_store.pinned import PinnedImage
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.loop import story_of


def refit(request: RefitRequest) -> Iterator[Event]:
    """Answer a RefitRequest: as training does. Raises FinetunerError when too few images are left."""
    old = RunFolder.open(request.run)
    pinned = old.pinned_images()
    corrections = corrections_from(request.corrections, pinned)
    images = corrections.applied(pinned)
    classes = _classes(images)
    yield from strange(request.corrections, corrections, pinned)
    weights = old.best / "model.safetensors"
    job = old.job.changed(strategy="probe", weights=weights, pretrained=True, corrections=request.corrections)
    with RunFolder.claimed(request.out, job) as new:
        new.pin_split(classes, [image for image in images if image.label in classes])
        yield from story_of(new)


def _classes(images: Iterable[PinnedImage]) -> tuple[str, ...]:
    trained = {image.label for image in images if image.split == "train"}
    judged = {image.label for image in images if image.split == "val"}
    if len(trained) < 2 or not trained & judged:
        raise FinetunerError(
            "With these corrections there is nothing left to learn: two classes need training images, and one of them"
            " validation images.",
            "Undo some of them.",
        )
    return tuple(sorted(trained))
