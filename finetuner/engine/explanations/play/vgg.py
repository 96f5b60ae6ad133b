"""A VGG's convolutions (Simonyan & Zisserman, 2015): what style transfer looks through. Never random ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.backbones import weights
from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.pixels import IMAGENET
from finetuner.engine.explanations.play.best_vgg import NONE_HERE, best_vgg
from finetuner.engine.explanations.play.stack import Convolution, read_stack

_COLOURS = 3
_ADVICE = "Download vgg19 among the backbones, or give the weight file of a VGG."


class Maps(NamedTuple):
    """What a layer answers, and its name in the papers: relu4_2 is the second of the fourth block."""

    name: str
    values: Tensor


class Vgg:
    """`name` tells where its weights came from."""

    def __init__(self, stack: tuple[Convolution, ...], name: str, device: torch.device) -> None:
        self.name = name
        self._layers = [_moved(layer, device) for layer in stack]
        # the encoder of AdaIN begins with a convolution of one pixel, which normalises, and mirrors at the edges
        self._own_normalisation = stack[0].side == 1
        self._black, self._white = IMAGENET.black.to(device), IMAGENET.white.to(device)

    @property
    def names(self) -> tuple[str, ...]:
        """Its layers by their names, in order."""
        return tuple(name for _, name in self._named())

    def maps(self, images: Tensor, until: str, smooth: bool) -> Iterator[Maps]:
        """What each layer up to `until` answers to images N,3,h,w from 0 to 1.

        `smooth` pools by the mean instead of the largest: gradients reach every pixel (Gatys et al.).
        """
        values = images if self._own_normalisation else self._black + images * (self._white - self._black)
        for layer, name in self._named():
            if layer.resized:
                values = _pooled(values, smooth)
            values = convolved(values, layer, mirrored=self._own_normalisation)
            if name:
                values = values.relu()
                yield Maps(name, values)
            if name == until:
                return

    def width(self, name: str) -> int:
        """How many channels a layer has."""
        return next(len(layer.weight) for layer, known_as in self._named() if known_as == name)

    def _named(self) -> Iterator[tuple[Convolution, str]]:
        """A convolution of one pixel is none of the papers' layers."""
        block, number = 1, 0
        for layer in self._layers:
            block, number = (block + 1, 0) if layer.resized else (block, number)
            number += layer.side > 1
            yield layer, f"relu{block}_{number}" if layer.side > 1 else ""


def convolved(values: Tensor, layer: Convolution, mirrored: bool) -> Tensor:
    """The same size, with zeros around the picture, or its mirror image."""
    edge = layer.side // 2
    if mirrored and edge:
        values, edge = (
            functional.pad(values, (edge,) * 4, mode="reflect" if min(values.shape[2:]) > 1 else "replicate"),
            0,
        )
    return functional.conv2d(values, layer.weight, layer.bias, padding=edge)


def open_vgg(path: Path | None, device: torch.device) -> Vgg:
    """The VGG in a weight file; without one the best VGG on this disk.

    Raises FinetunerError when there is none, or the file holds no VGG.
    """
    if path is None:
        path, name = _on_disk()
    else:
        name = path.name
    stack = read_stack(weights.read_state_dict(path), "features")
    if len(stack) < 2 or stack[0].weight.shape[1] != _COLOURS:
        raise FinetunerError(f"{path.name} holds no VGG's convolutions.", _ADVICE)
    return Vgg(stack, name, device)


def _on_disk() -> tuple[Path, str]:
    """The weights of the best VGG, and its name."""
    entry = best_vgg()
    path = entry.weights() if entry else None
    if entry is None or path is None:
        raise FinetunerError(NONE_HERE, _ADVICE)
    return path, entry.name


def _pooled(values: Tensor, smooth: bool) -> Tensor:
    if smooth:
        return functional.avg_pool2d(values, 2, ceil_mode=True)
    return functional.max_pool2d(values, 2, ceil_mode=True)


def _moved(layer: Convolution, device: torch.device) -> Convolution:
    return Convolution(layer.weight.to(device), layer.bias.to(device), layer.resized)
