"""A map of a run's images, as its best network sees them: PCA first, t-SNE when it is ready."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from finetuner.engine.backbones.deployed import Trained, load_best
from finetuner.engine.dataset.randomness import mix
from finetuner.engine.evaluation.numeric import Numbers, softmax
from finetuner.engine.evaluation.projection import neighbours, principal
from finetuner.engine.evaluation.tables import read_predictions
from finetuner.engine.events import Embedded, Event, MappedImage, Notice, Progress
from finetuner.engine.requests import EmbedRequest
from finetuner.engine.run_store.pinned import PinnedImage
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.run_features import looked_at

Answer = tuple[str, float]
MOST_MAPPED = 5000
"""Images: t-SNE of more takes minutes, and so many dots lie on one another."""


def embed(request: EmbedRequest) -> Iterator[Event]:
    """Answer an EmbedRequest: Progress, Embedded. Of many images a part that is drawn by the run's seed is shown.

    Raises FinetunerError when the run's model or images cannot be read any more.
    """
    run = RunFolder.open(request.run)
    trained, seed = load_best(run.path), run.job.compute.seed
    pinned = [image for image in run.pinned_images() if image.split in ("train", "val")]
    chosen = _drawn(pinned, seed)
    if len(chosen) < len(pinned):
        yield Notice(sentence=f"Of {len(pinned):,} images {len(chosen):,} are on the map, drawn at random.")
    images, features = yield from looked_at(run.job, trained.network, chosen)
    answers = _answers(run, trained, images, features)
    found = principal(features.numpy(), seed)
    yield Embedded(method="pca", points=_points(images, answers, found.rows), explained=found.explained)
    if request.method == "t-sne":
        yield Progress(activity="Arranging neighbours", done=0)
        yield Embedded(method="t-sne", points=_points(images, answers, neighbours(found.rows, seed)))


def _drawn(pinned: list[PinnedImage], seed: int) -> list[PinnedImage]:
    if len(pinned) <= MOST_MAPPED:
        return pinned
    order = np.random.default_rng(mix(seed)).permutation(len(pinned))
    return [pinned[index] for index in sorted(order[:MOST_MAPPED].tolist())]


def _answers(run: RunFolder, trained: Trained, images: Sequence[PinnedImage], features: Tensor) -> list[Answer]:
    """What the head says; of a validation image, what the run's figures were counted from."""
    head = trained.network.head
    with torch.no_grad():
        logits = head(features.to(head.weight.device, head.weight.dtype)).float().cpu().numpy()
    shares = softmax(logits, trained.temperature)
    best = zip(shares.argmax(axis=1).tolist(), shares.max(axis=1).tolist(), strict=True)
    known = {row.source: (row.label, row.probability) for row in read_predictions(run.path, top=1)}
    return [
        known.get(image.path, (trained.classes[index], probability))
        for image, (index, probability) in zip(images, best, strict=True)
    ]


def _points(images: Sequence[PinnedImage], answers: Sequence[Answer], rows: Numbers) -> tuple[MappedImage, ...]:
    def point(image: PinnedImage, answer: Answer, x: float, y: float) -> MappedImage:
        label, sure = answer
        facts = image.model_dump(include={"path", "label", "split"})
        return MappedImage(**facts, answer=label, probability=sure, x=x, y=y)

    pairs = zip(images, answers, rows[:, :2].tolist(), strict=True)
    return tuple(point(image, answer, *place) for image, answer, place in pairs)
