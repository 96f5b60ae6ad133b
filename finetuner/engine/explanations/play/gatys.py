"""Neural style transfer (Gatys et al., Image Style Transfer Using Convolutional Neural Networks, 2016)."""

from collections.abc import Generator
from typing import NamedTuple

import torch
from torch import Tensor

from finetuner.engine.explanations.explanation import Step
from finetuner.engine.explanations.play.statistics import distance, gram
from finetuner.engine.explanations.play.vgg import Vgg

_CONTENT = ("relu4_2", "relu4_1")
_BALANCE = 100.0
_MEMORY = 10


class Painted(NamedTuple):
    """A picture 1,3,h,w, and what there is to say about it."""

    values: Tensor
    sentence: str


class Wish(NamedTuple):
    """What is asked of a picture: the content's maps at one layer, the style's Gram matrices at several."""

    content_layer: str
    content: Tensor
    grams: dict[str, Tensor]


class Distances(NamedTuple):
    """How far a picture is from either, as shares: 0 is there."""

    content: Tensor
    style: Tensor


def gatys(vgg: Vgg, content: Tensor, style: Tensor, strength: float, steps: int) -> Generator[Step, None, Painted]:
    """Paint over the content, by L-BFGS, until its features agree with the content's and its Gram matrices with the
    style's.

    Distances are shares of what is wanted, so that each layer weighs the same, whatever the scale of the weights; the
    paper rescales the network to that end. `strength` 1 weighs the style a hundred times, and content once.
    """
    wanted = wish(vgg, content, style)
    values = content.clone().requires_grad_()
    before = distances(vgg, content, wanted)
    optimiser = torch.optim.LBFGS(
        [values], max_iter=1, history_size=_MEMORY, tolerance_grad=0, tolerance_change=0, line_search_fn="strong_wolfe"
    )
    loss = _Loss(vgg, values, wanted, strength)
    for step in range(steps):
        optimiser.step(loss)
        yield step + 1, steps
    shown = values.detach().clamp(0, 1)
    return Painted(shown, _sentence(before, distances(vgg, shown, wanted)))


class _Loss:
    """How far `values` are from what is wanted. L-BFGS begins where it ended: that place is not computed again."""

    def __init__(self, vgg: Vgg, values: Tensor, wanted: Wish, strength: float) -> None:
        self._vgg, self._values, self._wanted, self._strength = vgg, values, wanted, strength
        self._place, self._total, self._slope = torch.empty(0), torch.empty(0), torch.empty(0)

    def __call__(self) -> Tensor:
        if not torch.equal(self._place, self._values.detach()):
            self._compute()
        self._values.grad = self._slope.clone()
        return self._total

    def _compute(self) -> None:
        with torch.enable_grad():
            found = distances(self._vgg, self._values, self._wanted)
            total = found.content + self._strength * _BALANCE * found.style
            (self._slope,) = torch.autograd.grad(total, self._values)
        self._place, self._total = self._values.detach().clone(), total.detach()


def wish(vgg: Vgg, content: Tensor, style: Tensor) -> Wish:
    """What the pictures ask for: the style at the first layer of each block, the content in the fourth or last."""
    firsts = [name for name in vgg.names if name.endswith("_1")]
    last = firsts[-1]
    layer = next((name for name in _CONTENT if name in vgg.names), last)
    with torch.no_grad():
        maps = next(found.values for found in vgg.maps(content, layer, smooth=True) if found.name == layer)
        grams = {found.name: gram(found.values) for found in vgg.maps(style, last, smooth=True) if found.name in firsts}
    return Wish(layer, maps, grams)


def distances(vgg: Vgg, values: Tensor, wanted: Wish) -> Distances:
    """Of a picture 1,3,h,w; the style's is the mean over its layers."""
    content, styles = values.new_zeros(()), list[Tensor]()
    for name, maps in vgg.maps(values, _deepest(vgg, wanted), smooth=True):
        if name == wanted.content_layer:
            content = distance(maps, wanted.content)
        if name in wanted.grams:
            styles.append(distance(gram(maps), wanted.grams[name]))
    return Distances(content, torch.stack(styles).mean())


def _deepest(vgg: Vgg, wanted: Wish) -> str:
    return max([wanted.content_layer, *wanted.grams], key=vgg.names.index)


def _sentence(before: Distances, after: Distances) -> str:
    return (
        f"The photo's Gram matrices were {float(before.style):.0%} away from the style's, the picture's are "
        f"{float(after.style):.0%}; its content is {float(after.content):.0%} away from the photo's."
    )
