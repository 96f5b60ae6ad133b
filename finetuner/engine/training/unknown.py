"""What is unknown to a model: known images to compare with are kept, and the score is set on held-out ones."""

from collections.abc import Generator

import torch
from torch import Tensor

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.backbones.network import Network
from finetuner.engine.backbones.unknown import METHOD, Strangeness, chosen
from finetuner.engine.dataset.feed import HostFeed
from finetuner.engine.dataset.loader import Loader
from finetuner.engine.dataset.randomness import mix
from finetuner.engine.events import Event, Notice, Progress
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.unknown import USUAL_SHARE, Unknown, keep
from finetuner.engine.training.features import Frozen, Gathered, compute_features
from finetuner.engine.training.measurement import Measurement
from finetuner.engine.training.run_features import looked_at
from finetuner.engine.training.setting import Setting

_BATCH = 32


def learn_unknown(setting: Setting, network: Network, measured: Measurement) -> Generator[Event, None, None]:
    """At the end of a run, on its best network: compare with training images, set the cut on validation images.

    Of a frozen network nothing is computed again: the features of both are known. A network whose features are no
    single row for each image learns nothing of it, and says so.
    """
    if measured.features.shape != (len(measured.images), network.head.in_features):
        yield Notice(sentence=f"{network.name} cannot tell what is unknown to it: its features are no single row.")
        return
    labels = [setting.labels[index] for index in setting.train]
    images = [setting.train[place] for place in _drawn(labels, setting.job.compute.seed)]
    loader, gathered = Loader(HostFeed(setting.cache, setting.device), images, setting.labels, _BATCH), Gathered()
    for done in compute_features(Frozen(network, setting.device, setting.precision), loader, gathered):
        yield Progress(activity="Learning what is unknown", done=done, total=len(images))
    _keep(setting.run, gathered.rows(), measured.features, torch.from_numpy(measured.logits))


def learn_again(run: RunFolder, share: float = USUAL_SHARE) -> Generator[Event, None, Unknown]:
    """The same for a run that is done. Raises FinetunerError when its model or images cannot be read any more."""
    network, classes, pinned = load_best(run.path).network, run.classes, run.pinned_images()
    train, val = ([image for image in pinned if image.split == split] for split in ("train", "val"))
    places = _drawn([classes.index(image.label) for image in train], run.job.compute.seed)
    _, known = yield from looked_at(run.job, network, [train[place] for place in places])
    _, held_out = yield from looked_at(run.job, network, val, deployed=True)
    with torch.no_grad():
        logits = network.head(held_out.to(network.head.weight.device)).float().cpu()
    return _keep(run, known, held_out, logits, share)


def _drawn(labels: list[int], seed: int) -> list[int]:
    return chosen(labels, mix(seed))


def _keep(run: RunFolder, known: Tensor, held_out: Tensor, logits: Tensor, share: float = USUAL_SHARE) -> Unknown:
    with torch.no_grad():
        score = Strangeness.among(known, held_out, logits)
        return keep(run.path, METHOD, score(held_out, logits).tolist(), score.saved(), share)
