"""LRP (Bach et al., On Pixel-Wise Explanations by Layer-Wise Relevance Propagation, 2015; Montavon et al., 2019)."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.attribution.relevance.linear import Box, Gamma, Rule, epsilon, z_plus
from finetuner.engine.explanations.attribution.relevance.propagation import Propagation
from finetuner.engine.explanations.gradients import resting, scores
from finetuner.engine.explanations.pixels import OnPixels

TOLERANCE = 0.01
_ROUNDING = 1e-4
"""Share of all relevance, of either sign, that single precision may lose."""


class LrpEpsilon(OnPixels):
    """LRP-epsilon everywhere. In networks of ReLUs close to gradient times input: faithful, and grainy."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Return sum_c R, R the relevance of each pixel for the logit: N,S,S, signed.

        Raises FinetunerError when pixels and constants together do not get the logit within 1 %: the network then
        holds a part that hands relevance back by no known rule.
        """
        found, kept, logits = relevance(model, images, targets, self.rule_for, self.at_image())
        _refuse_lost(logits, found.flatten(1).sum(dim=1), kept, found.abs().flatten(1).sum(dim=1))
        return found.sum(dim=1)

    def rule_for(self, kind: str, at_image: bool) -> Rule:
        """The rule of a linear map, by its kind ("convolution" or "linear") and whether it sees the pixels."""
        return epsilon

    def at_image(self) -> Box | None:
        """The rule for the map that sees the pixels, where it is another one."""
        return None


class LrpGamma(LrpEpsilon):
    """LRP-gamma everywhere, gamma 0.25: what speaks for the class weighs more, which takes away grain."""

    def rule_for(self, kind: str, at_image: bool) -> Rule:
        """Return gamma."""
        return Gamma(0.25)


class LrpComposite(LrpEpsilon):
    """Epsilon in linear layers, z+ in convolutions, the box rule at the pixels (Kohlbrenner et al., 2020)."""

    def rule_for(self, kind: str, at_image: bool) -> Rule:
        """Return epsilon or z+."""
        return epsilon if kind == "linear" else z_plus

    def at_image(self) -> Box | None:
        """Return the box rule."""
        return Box(self.pixels.black, self.pixels.white, [])


def relevance(
    model: nn.Module,
    images: Tensor,
    targets: Tensor,
    rule_for: Callable[[str, bool], Rule],
    box: Box | None,
) -> tuple[Tensor, Tensor, Tensor]:
    """The relevance of images, N,3,S,S, what constants kept, N, and the logits, N, for classes N.

    `box` is the rule for the map that sees the pixels, in place of that of `rule_for`.
    """
    found, kept, logits = list[Tensor](), list[Tensor](), list[Tensor]()
    for image, target in zip(images, targets, strict=True):
        # image by image, since a constant is added to all and its share must be told apart
        pixels, constants, logit = _of_one(model, image[None], target[None], rule_for, box)
        found.append(pixels)
        kept.append(constants)
        logits.append(logit)
    return torch.cat(found), torch.stack(kept), torch.cat(logits)


def _of_one(
    model: nn.Module, image: Tensor, target: Tensor, rule_for: Callable[[str, bool], Rule], box: Box | None
) -> tuple[Tensor, Tensor, Tensor]:
    leaf = image.detach().clone().requires_grad_()

    def rule(kind: str, at_image: bool) -> Rule:
        return box if box is not None and at_image else rule_for(kind, at_image)

    with torch.enable_grad(), resting(model):
        with Propagation(leaf, rule) as propagation:
            logit = scores(model, leaf, target)
        by_image, *others = torch.autograd.grad(
            logit.sum(), [leaf, *propagation.constants], allow_unused=True, materialize_grads=True
        )
    kept = [(constant * slope).sum() for constant, slope in zip(propagation.constants, others, strict=True)]
    pixels = leaf.detach() * by_image + sum(box.found if box is not None else [])
    if box is not None:
        box.found.clear()
    return pixels, torch.stack(kept).sum().detach() if kept else torch.zeros(()), logit.detach()


def _refuse_lost(logits: Tensor, pixels: Tensor, constants: Tensor, amount: Tensor) -> None:
    missing = (logits - pixels - constants).abs()
    if (missing > TOLERANCE * logits.abs() + _ROUNDING * amount).any() or not missing.isfinite().all():
        share = float((missing / logits.abs().clamp(min=1e-12)).max())
        raise FinetunerError(
            f"LRP loses {share:.0%} of the answer in this network: a part of it hands relevance back by no known rule.",
            "Choose integrated-gradients, whose sum is the answer in any network.",
        )
