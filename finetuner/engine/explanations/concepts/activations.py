"""What a layer answers to images, and how a class's logit changes with what it answers."""

from collections.abc import Generator, Iterable, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.concepts.pictures import inputs
from finetuner.engine.explanations.explanation import Step
from finetuner.engine.explanations.gradients import resting, scores
from finetuner.engine.explanations.tap import Tap
from finetuner.engine.explanations.target import spatial_steps

BATCH = 8
MOST_VALUES = 2**28
"""As many activations are held at once: one gigabyte."""
_DEPTH = 0.7
_FEWEST = 2
_SEQUENCES = (nn.Sequential, nn.ModuleList)


def middle_layer(model: nn.Module, images: Tensor) -> str:
    """A unit two thirds of the way up: concepts are formed there, and it is not yet a straight line to the logits.

    Behind the last map many networks only average and multiply, so that every image would give the same sign.
    A unit is what the network is a sequence of: a residual block rather than the layers inside its branches.
    Raises FinetunerError when no layer has places.
    """
    names = _units(model, [step.name for step in spatial_steps(model, images)])
    if not names:
        raise FinetunerError("No layer of this network has a feature map larger than one place.", "Use larger images.")
    return names[round((len(names) - 1) * _DEPTH)]


def activations(
    model: nn.Module, layer: str, preprocess: Preprocess, paths: Sequence[Path]
) -> Generator[Step, None, Tensor]:
    """The layer's whole output for each image that can be read, flattened as the paper does it: N,F.

    Raises FinetunerError when the layer gives no tensor, or too many values to be kept.
    """
    found = list[Tensor]()
    for batch, done in _batches(inputs(preprocess, paths)):
        with torch.no_grad(), Tap(model, layer) as tap:
            model(batch)
        found.append(_flat(tap.output.detach(), layer, len(batch)))
        _refuse_too_many(found[0].shape[1] * len(paths), layer)
        yield done, len(paths)
    return torch.cat(found) if found else torch.empty(0, 0)


def derivatives(
    model: nn.Module, layer: str, preprocess: Preprocess, paths: Sequence[Path], target: int, directions: Tensor
) -> Generator[Step, None, Tensor]:
    """How the logit of class `target` changes as the layer's output moves along each direction: N,D.

    `directions` is F,D, of unit length each. Images that cannot be read are left out. Raises FinetunerError when
    the layer does not influence the answer.
    """
    found = list[Tensor]()
    for batch, done in _batches(inputs(preprocess, paths)):
        with torch.enable_grad(), resting(model), Tap(model, layer) as tap:
            slope = tap.gradient(scores(model, batch, torch.full((len(batch),), target)).sum())
        found.append(_flat(slope, layer, len(batch)) @ directions)
        yield done, len(paths)
    return torch.cat(found) if found else torch.empty(0, directions.shape[1])


def _batches(images: Iterable[Tensor | None]) -> Generator[tuple[Tensor, int], None, None]:
    """Those that could be read, some at a time, and how many were looked at."""
    waiting, done = list[Tensor](), 0
    for done, image in enumerate(images, 1):
        if image is not None:
            waiting.append(image)
        if len(waiting) == BATCH:
            yield torch.cat(waiting), done
            waiting.clear()
    if waiting:
        yield torch.cat(waiting), done


def _flat(output: Tensor, layer: str, images: int) -> Tensor:
    if len(output) != images:
        raise FinetunerError(
            f"The layer {layer} has no row for each image: its output is {tuple(output.shape)}.",
            "Choose a layer outside of the windows.",
        )
    return output.flatten(1).float()


def _refuse_too_many(values: int, layer: str) -> None:
    if values > MOST_VALUES:
        raise FinetunerError(
            f"The layer {layer} gives {values:,} values for these images, too many to draw lines between them.",
            "Choose a later layer, or fewer images.",
        )


def _units(model: nn.Module, names: list[str]) -> list[str]:
    """Those of `names` that the network is a sequence of; one that is nearly all of it is opened in its turn."""
    shells = {name for name, module in model.named_modules() if isinstance(module, _SEQUENCES)}
    while True:
        units = [name for name in names if name not in shells and _parents(name) <= shells]
        large = [name for name in units if any(model.get_submodule(name).children())]
        if not large or len(large) >= _FEWEST:
            return large or units
        shells |= set(large)


def _parents(name: str) -> set[str]:
    return {name.rsplit(".", count)[0] for count in range(1, name.count(".") + 1)}
