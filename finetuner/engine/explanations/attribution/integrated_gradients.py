"""Integrated gradients (Sundararajan et al., Axiomatic Attribution for Deep Networks, 2017)."""

from bisect import bisect
from collections.abc import Generator, Sequence

import torch
from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.attribution.baselines import blurred, noise
from finetuner.engine.explanations.explanation import Maps, Step
from finetuner.engine.explanations.gradients import with_slopes
from finetuner.engine.explanations.passes import one_by_one
from finetuner.engine.explanations.pixels import OnPixels

FIRST = 33
MOST = 1025
BATCH = 8
TOLERANCE = 0.01
"""Of the rise of the logit; where it hardly rises from end to end, of a hundredth of its span on the way."""
_NOISES = 2


class IntegratedGradients(OnPixels):
    """What each pixel adds while the image emerges from black. The sum is the rise of the logit, within 1 %.

    Raises FinetunerError where it is not, however closely one looks.
    """

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Maps:
        """Return sum_c (x - x') integral_0^1 d logit / d pixel (x' + a (x - x')) da, x' the baseline: N,S,S, signed."""

        def along(image: Tensor, target: int) -> Generator[Step, None, Tensor]:
            baselines = self.baselines(image)
            total = torch.zeros_like(image[0, 0])
            for baseline in baselines:
                total += yield from _integrated(model, image, baseline[None], target, MOST // len(baselines))
            return total / len(baselines)

        return (yield from one_by_one(images, targets, along))

    def baselines(self, image: Tensor) -> Tensor:
        """Where the way begins, for an image 1,3,S,S: M,3,S,S; the mean over them is drawn."""
        return self.pixels.black.expand_as(image)


class FromBlurred(IntegratedGradients):
    """The image emerges from its blurred self: black pixels can matter too, and only detail is explained."""

    def baselines(self, image: Tensor) -> Tensor:
        """Return the image, blurred."""
        return blurred(image)


class FromNoise(IntegratedGradients):
    """The image emerges from noise, the mean over two: no colour is the one that means nothing."""

    def baselines(self, image: Tensor) -> Tensor:
        """Return images of noise between black and white."""
        return noise(image, self.pixels, _NOISES)


class _Way:
    """The way from a baseline to an image, known at some places from 0 to 1."""

    def __init__(self, model: nn.Module, image: Tensor, baseline: Tensor, target: int) -> None:
        self.places = list[float]()
        self._heights = list[float]()
        self._maps = list[Tensor]()
        self._model, self._baseline, self._target = model, baseline, target
        self._way = image - baseline

    def look(self, places: Sequence[float]) -> None:
        """Get to know a few more places."""
        shares = torch.tensor(places).view(-1, 1, 1, 1)
        targets = torch.full((len(places),), self._target)
        heights, slopes = with_slopes(self._model, self._baseline + shares * self._way, targets)
        for place, height, change in zip(places, heights.tolist(), (slopes * self._way).sum(dim=1), strict=True):
            number = bisect(self.places, place)
            self.places.insert(number, place)
            self._heights.insert(number, height)
            self._maps.insert(number, change)

    def errors(self) -> Tensor:
        """Between neighbours: what the trapezoidal rule says that the logit rises, less what it does."""
        heights, rates = torch.tensor(self._heights), torch.stack([change.sum() for change in self._maps])
        return (rates[1:] + rates[:-1]) / 2 * torch.tensor(self.places).diff() - heights.diff()

    @property
    def adds_up(self) -> bool:
        """Whether what the rule says of the whole way is what the logit rises, within `TOLERANCE`."""
        rise, span = abs(self._heights[-1] - self._heights[0]), max(self._heights) - min(self._heights)
        return abs(float(self.errors().sum())) <= TOLERANCE * max(rise, TOLERANCE * span)

    def worst(self) -> list[float]:
        """The middles between those neighbours where the rule errs most."""
        numbers = self.errors().abs().topk(min(BATCH, len(self.places) - 1)).indices.tolist()
        return [(self.places[number] + self.places[number + 1]) / 2 for number in numbers]

    def integral(self) -> Tensor:
        """The trapezoidal rule: S,S."""
        lengths = torch.tensor(self.places).diff()
        weights = (torch.cat([lengths, lengths.new_zeros(1)]) + torch.cat([lengths.new_zeros(1), lengths])) / 2
        return torch.einsum("p,phw->hw", weights, torch.stack(self._maps))


def _integrated(
    model: nn.Module, image: Tensor, baseline: Tensor, target: int, most: int
) -> Generator[Step, None, Tensor]:
    """Looked at more closely where the slope changes, until the sum is the rise of the logit within 1 %: S,S."""
    way = _Way(model, image, baseline, target)
    places = torch.linspace(0, 1, FIRST).tolist()
    for start in range(0, FIRST, BATCH):
        way.look(places[start : start + BATCH])
        yield len(way.places), most
    while not way.adds_up:
        if len(way.places) >= most:
            raise FinetunerError(
                f"After {most:,} looks its sum still misses the rise of the answer by more than {TOLERANCE:.0%}.",
                "Begin from another baseline: integrated-gradients-blurred or integrated-gradients-noise.",
            )
        way.look(way.worst())
        yield len(way.places), most
    return way.integral()
