"""Which of a run's labels are likely wrong: every image is asked of a head that never saw it."""

from collections.abc import Generator, Iterator

import numpy as np
import torch
from torch import Tensor

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.backbones.network import Network, build
from finetuner.engine.dataset.randomness import mix
from finetuner.engine.evaluation.findings import keep_findings
from finetuner.engine.evaluation.label_errors import suspicion
from finetuner.engine.evaluation.numeric import Numbers, softmax
from finetuner.engine.events import Event, Progress, Suspect, SuspectsRanked
from finetuner.engine.requests import SuspectsRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.head_solver import solve_head
from finetuner.engine.training.publishing import publish
from finetuner.engine.training.run_features import looked_at

FOLDS = 5
MOST_TOLD = 2000


def suspects(request: SuspectsRequest) -> Iterator[Event]:
    """Answer a SuspectsRequest: Progress, SuspectsRanked with at most `MOST_TOLD` images.

    The features are those of the pretrained network, not of the trained one, which has learned wrong labels too; only
    where there was none the trained one serves. Raises FinetunerError when the run's images cannot be read any more.
    """
    run = RunFolder.open(request.run)
    classes, pinned = run.classes, [image for image in run.pinned_images() if image.split in ("train", "val")]
    images, features = yield from looked_at(run.job, _network(run, len(classes)), pinned)
    labels = torch.tensor([classes.index(image.label) for image in images])
    shares = yield from _held_out(features, labels, len(classes), run.job.compute.seed)
    found = suspicion(shares, labels.tolist())
    ranked = SuspectsRanked(
        images=len(images),
        suspects=tuple(
            Suspect(
                **images[index].model_dump(),
                suggested=classes[int(found.others[index])],
                probability=float(shares[index, found.others[index]]),
                margin=float(found.margins[index]),
                likely=bool(found.likely[index]),
            )
            for index in found.order[:MOST_TOLD]
        ),
    )
    if run.metrics_file.exists():
        keep_findings(run.path, likely_wrong=int(found.likely.sum()), asked=len(images))
        publish(run)
    yield ranked


def _network(run: RunFolder, classes: int) -> Network:
    part = run.job.backbone
    return build(part, classes) if part.pretrained else load_best(run.path).network


def _held_out(features: Tensor, labels: Tensor, classes: int, seed: int) -> Generator[Event, None, Numbers]:
    """N,C: what heads say of images that they did not learn from."""
    order = np.random.default_rng(mix(seed)).permutation(len(labels))
    fold = torch.empty(len(labels), dtype=torch.long)
    fold[torch.from_numpy(order)] = torch.arange(len(labels)) % FOLDS
    shares = np.zeros((len(labels), classes))
    for held in range(FOLDS):
        yield Progress(activity="Asking heads that never saw the image", done=held, total=FOLDS)
        learned, asked = fold != held, fold == held
        weight, bias = solve_head(features[learned], labels[learned], classes, None, seed)
        shares[asked.numpy()] = softmax((features[asked] @ weight.T + bias).numpy())
    return shares
