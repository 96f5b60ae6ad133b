"""The adviser's walk: every backbone on the disk looks once at the user's images, and a quick head judges it."""

from collections.abc import Generator, Iterator

import torch

from finetuner.engine.advice.logme import logme
from finetuner.engine.advice.ranking import frontier, ranked, sentence
from finetuner.engine.advice.subject import Subject, subject_of
from finetuner.engine.advice.trial import trial
from finetuner.engine.backbones import shelf, speeds
from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.network import build
from finetuner.engine.dataset.cache import PixelCache
from finetuner.engine.dataset.feed import HostFeed
from finetuner.engine.dataset.loader import Loader
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.intervals import wilson
from finetuner.engine.events import AdviceEnded, BackboneAdvice, BackboneAdvised, Event, Notice, Progress
from finetuner.engine.job import Job
from finetuner.engine.requests import AdviseRequest
from finetuner.engine.training.feature_store import Rows
from finetuner.engine.training.features import Frozen, Gathered, compute_features
from finetuner.engine.training.hardware import choose_device
from finetuner.engine.training.precision import choose_precision
from finetuner.engine.training.speed import condition_of, time_one

_BATCH = 64


def advise(request: AdviseRequest) -> Iterator[Event]:
    """Try each backbone on the job's training images. Yields Progress..., BackboneAdvised..., AdviceEnded.

    Closing the generator stops it; what was computed stays in the feature store. A backbone that cannot be tried
    is told as a Notice. Raises FinetunerError when the images cannot be used.
    """
    names = request.backbones or _on_disk()
    subject = yield from subject_of(request.job)
    advice: list[BackboneAdvice] = []
    for number, name in enumerate(names, 1):
        try:
            advice.append((yield from _tried(name, request.job, subject)))
        except FinetunerError as error:
            yield Notice(sentence=f"{name} was left out. {error.sentence}", next_step=error.next_step, level="warning")
        else:
            yield BackboneAdvised(advice=advice[-1], done=number, total=len(names))
    ranking, images = ranked(advice), len(subject.files)
    yield AdviceEnded(ranking=ranking, frontier=frontier(ranking), sentence=sentence(ranking, images), images=images)


def _on_disk() -> list[str]:
    """Small ones first: their answers come first. The one in the box is always there."""
    entries = [entry for entry in shelf.on_disk_entries() if entry.trainable]
    return [entry.name for entry in sorted(entries, key=lambda entry: entry.parameters * entry.input_size**2)]


def _tried(name: str, job: Job, subject: Subject) -> Generator[Event, None, BackboneAdvice]:
    frozen = _frozen(name, job)
    features = yield from _features(name, frozen, subject)
    milliseconds = yield from _milliseconds(name, frozen)
    yield Progress(activity=f"Judging {name}", done=0, total=None)
    result = trial(features, subject.labels, subject.groups, subject.seed)
    low, high = wilson(result.ridge, result.images)
    return BackboneAdvice(
        name=name,
        accuracy=result.ridge / result.images,
        low=low,
        high=high,
        neighbours=result.neighbours / result.images,
        logme=logme(features, subject.labels),
        milliseconds=milliseconds,
        input_size=frozen.network.preprocessing.input_size,
    )


def _frozen(name: str, job: Job) -> Frozen:
    part = job.backbone.model_copy(update={"backbone": name, "weights": None, "pretrained": True, "image_size": None})
    network, device = build(part, classes=2), choose_device(job.compute.device)
    network.model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Frozen(network, device, choose_precision(job.compute.precision, device, network, learns=False))


def _features(name: str, frozen: Frozen, subject: Subject) -> Generator[Event, None, Rows]:
    """n,F: what the frozen network makes of the images."""
    cache = PixelCache(subject.files, frozen.network.preprocessing)
    total = len(subject.files)
    for done in cache.fill():
        yield Progress(activity=f"Reading images for {name}", done=done, total=total)
    if cache.unreadable:
        raise FinetunerError(next(iter(cache.unreadable.values())), "Look at the folder again on the Dataset page.")
    loader = Loader(HostFeed(cache, frozen.device), range(total), subject.labels.tolist(), _BATCH)
    gathered = Gathered()
    for done in compute_features(frozen, loader, gathered):
        yield Progress(activity=f"{name} looks at the images", done=done, total=total)
    return gathered.rows().numpy()


def _milliseconds(name: str, frozen: Frozen) -> Generator[Event, None, float]:
    """What an image costs here: as it was measured for the shelf, else measured now."""
    size = frozen.network.preprocessing.input_size
    known = speeds.known(condition_of(frozen.device)).of(find(name).architecture, size)
    return known if known is not None else (yield from time_one(frozen.network, frozen.device))
