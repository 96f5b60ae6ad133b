"""AdaIN (Huang & Belongie, Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization, 2017)."""

from collections.abc import Generator
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.backbones import weights
from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.explanation import Step
from finetuner.engine.explanations.play.gatys import Painted
from finetuner.engine.explanations.play.stack import Convolution, read_stack
from finetuner.engine.explanations.play.statistics import distance, moments, with_moments_of
from finetuner.engine.explanations.play.vgg import Vgg, convolved

LAYER = "relu4_1"
"""Where the encoder ends and the decoder begins."""
_COLOURS = 3
_ADVICE = "Give the decoder's weight file, and that of the encoder that it was trained with."


class Decoder:
    """From maps of LAYER back to a picture; made for one encoder."""

    def __init__(self, stack: tuple[Convolution, ...], name: str, device: torch.device) -> None:
        self.name = name
        self._layers = [Convolution(layer.weight.to(device), layer.bias.to(device), layer.resized) for layer in stack]

    @property
    def takes(self) -> int:
        """How many channels."""
        return self._layers[0].weight.shape[1]

    def __call__(self, maps: Tensor) -> Tensor:
        """N,C,h,w -> a picture N,3,H,W, as many times larger as the decoder doubles the size."""
        values = maps
        for number, layer in enumerate(self._layers, 1):
            if layer.resized:
                values = functional.interpolate(values, scale_factor=2, mode="nearest")
            values = convolved(values, layer, mirrored=True)
            values = values.relu() if number < len(self._layers) else values
        return values


def open_decoder(path: Path | None, vgg: Vgg, device: torch.device) -> Decoder:
    """The decoder in a weight file. Raises FinetunerError: none named, no decoder, made for another encoder."""
    if path is None:
        raise FinetunerError("AdaIN paints by a trained decoder, and none was named.", _ADVICE)
    stack = read_stack(weights.read_state_dict(path), "decoder")
    if len(stack) < 2 or len(stack[-1].weight) != _COLOURS:
        raise FinetunerError(f"{path.name} holds no decoder of AdaIN.", _ADVICE)
    decoder = Decoder(stack, path.name, device)
    if LAYER not in vgg.names or vgg.width(LAYER) != decoder.takes:
        raise FinetunerError(f"The decoder {path.name} does not fit the encoder {vgg.name}.", _ADVICE)
    return decoder


def adain(
    vgg: Vgg, decoder: Decoder, content: Tensor, style: Tensor, strength: float
) -> Generator[Step, None, Painted]:
    """Give the content's maps the style's means and deviations, and decode; `strength` 1 wholly, 0 not at all."""
    with torch.no_grad():
        own, other = encoded(vgg, content), encoded(vgg, style)
        yield 1, 2
        mixed = strength * with_moments_of(own, other) + (1 - strength) * own
        values = decoder(mixed)[:, :, : content.shape[2], : content.shape[3]].clamp(0, 1)
        after = encoded(vgg, values)
    yield 2, 2
    return Painted(values, _sentence(_apart(own, other), _apart(after, other)))


def encoded(vgg: Vgg, images: Tensor) -> Tensor:
    """The maps of LAYER for images N,3,h,w from 0 to 1."""
    *_, last = vgg.maps(images, LAYER, smooth=False)
    return last.values


def _apart(maps: Tensor, style: Tensor) -> float:
    own, wanted = (torch.cat(moments(each), dim=1) for each in (maps, style))
    return float(distance(own, wanted))


def _sentence(before: float, after: float) -> str:
    return f"The photo's means and deviations were {before:.0%} away from the style's, the picture's are {after:.0%}."
