"""What a network sees in the images of a finished run: the inputs of its head, found again where they are kept."""

from collections.abc import Generator
from pathlib import Path

from torch import Tensor

from finetuner.engine.backbones.network import Network
from finetuner.engine.dataset.cache import PixelCache
from finetuner.engine.dataset.feed import HostFeed
from finetuner.engine.dataset.loader import Loader
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Progress
from finetuner.engine.job import Job
from finetuner.engine.run_store.pinned import PinnedImage
from finetuner.engine.training.features import Frozen, Gathered, compute_features
from finetuner.engine.training.hardware import choose_device
from finetuner.engine.training.memory_format import channels_last
from finetuner.engine.training.precision import choose_precision

FEWEST = 5
_BATCH = 32


def looked_at(
    job: Job, network: Network, pinned: list[PinnedImage], deployed: bool = False
) -> Generator[Event, None, tuple[list[PinnedImage], Tensor]]:
    """The images that can be read, and their features N,F; `deployed`: in every digit as the deployed model has them.

    Raises FinetunerError where fewer than five are left.
    """
    device = choose_device(job.compute.device)
    channels_last(network.model.to(device))
    cache = PixelCache([Path(image.path) for image in pinned], network.preprocessing, 0 if deployed else None)
    for done in cache.fill():
        yield Progress(activity="Reading images", done=done, total=len(pinned))
    readable = [index for index in range(len(pinned)) if index not in cache.unreadable]
    if len(readable) < FEWEST:
        raise FinetunerError("The images of this run cannot be read any more.", "Is their disk connected?")
    loader, gathered = Loader(HostFeed(cache, device), readable, [0] * len(pinned), _BATCH), Gathered()
    precision = "fp32" if deployed else choose_precision(job.compute.precision, device, network, learns=False)
    for done in compute_features(Frozen(network, device, precision), loader, gathered):
        yield Progress(activity="Computing features", done=done, total=len(readable))
    return [pinned[index] for index in readable], gathered.rows()
