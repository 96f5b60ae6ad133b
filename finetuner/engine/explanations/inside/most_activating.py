"""Most activating images (Zhou et al., Object Detectors Emerge in Deep Scene CNNs, 2015)."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.unreadable import UnreadableImage
from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.explanation import Drawn, Picture, Step
from finetuner.engine.explanations.inside.channels import feature_maps, strongest
from finetuner.engine.explanations.subject import Subject
from finetuner.engine.explanations.target import target_layer
from finetuner.engine.explanations.tiles import grid
from finetuner.engine.run_store.run_folder import RunFolder

CHANNELS = 5
IMAGES = 6
MOST = 256
_TILE = 128


class MostActivating:
    """For the channels that answer most to this image: the run's images to which they answer most. A row each."""

    def draw(self, subject: Subject, layer: str | None) -> Picture:
        """Draw, for each channel k, the validation images with the largest max over places of A_k.

        Raises FinetunerError when the run has no readable validation image, or the layer's output has no places.
        """
        name = layer or target_layer(subject.model, subject.images)
        chosen = strongest(feature_maps(subject.model, name, subject.images)[0], CHANNELS)
        squares, peaks = yield from _looked_at(subject, name, chosen)
        best = peaks.topk(min(IMAGES, len(squares)), dim=0).indices.T
        pictures = [squares[number].numpy() for row in best.tolist() for number in row]
        sentence = f"Of {len(squares)} images, those that channels {', '.join(map(str, chosen))} answer to most."
        return Drawn(grid(pictures, _TILE, best.shape[1], sharp=False), sentence, name)


def _looked_at(subject: Subject, name: str, channels: list[int]) -> Generator[Step, None, tuple[list[Tensor], Tensor]]:
    """The squares that the network sees, S,S,3 of uint8, and the peak of each channel there: images x channels."""
    paths = _images(subject.run)
    preprocess = subject.trained.deployed.preprocess
    squares, peaks = list[Tensor](), list[Tensor]()
    for number, path in enumerate(paths):
        try:
            pixels = torch.from_numpy(np.array(open_rgb(path, at_least=preprocess.size)))[None]
        except UnreadableImage:
            continue  # a photo that has gone since then is none of the best
        maps = feature_maps(subject.model, name, preprocess(pixels))[0]
        squares.append(preprocess.seen(pixels)[0])
        peaks.append(maps[channels].flatten(1).amax(dim=1))
        yield number + 1, len(paths)
    if not squares:
        raise FinetunerError("None of the run's validation images can be read.", "Put them back where they were.")
    return squares, torch.stack(peaks)


def _images(run: Path) -> list[Path]:
    """The run's validation images, of many an even sample."""
    paths = [path for path, _ in RunFolder(run).pinned("val")]
    return paths[:: max(-(-len(paths) // MOST), 1)]
