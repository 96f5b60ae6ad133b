"""The gradient of a class by the pixels, and the model at rest meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


@contextmanager
def resting(model: nn.Module) -> Iterator[None]:
    """Within the block no weight asks for a gradient; then each does as before."""
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    for parameter in learning:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in learning:
            parameter.requires_grad_(True)


def scores(model: nn.Module, images: Tensor, targets: Tensor) -> Tensor:
    """The logit of each image's class: N, for images N,3,S,S and classes N."""
    logits: Tensor = model(images)
    return logits.gather(1, targets[:, None])[:, 0]


def by_pixels(model: nn.Module, images: Tensor, targets: Tensor) -> Tensor:
    """d logit / d pixel: N,3,S,S. Images do not influence each other, so one backward pass serves all."""
    return with_slopes(model, images, targets)[1]


def with_slopes(model: nn.Module, images: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """The logits N, and their gradients by the pixels N,3,S,S."""
    with torch.enable_grad(), resting(model):
        leaf = images.detach().clone(memory_format=torch.channels_last).requires_grad_()
        # times one, since a network may begin in place, which a leaf forbids
        answers = scores(model, leaf * 1, targets)
        (slopes,) = torch.autograd.grad(answers.sum(), leaf)
    return answers.detach(), slopes


def strongest(gradient: Tensor) -> Tensor:
    """Of each pixel's channels the one that matters most: N,3,S,S -> N,S,S, not negative."""
    return gradient.abs().amax(dim=1)
