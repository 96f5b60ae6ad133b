"""At which layers one may look: where each block of the network ends."""

from collections.abc import Iterator

import torch
from torch import Tensor

from finetuner.engine.backbones.blocks import Block
from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.backbones.network import Network
from finetuner.engine.events import Event, LayerRow, LayersListed, Progress
from finetuner.engine.explanations.target import Step, spatial_steps, target_layer
from finetuner.engine.requests import LayersRequest


def layers(request: LayersRequest) -> Iterator[Event]:
    """Answer a LayersRequest: Progress, LayersListed. Raises FinetunerError when there is no model, or no layer."""
    yield Progress(activity="Opening the model", done=0)
    network = load_best(request.run).network
    side = network.preprocessing.input_size
    blank = torch.zeros(1, 3, side, side)
    rows = tuple(LayerRow(name=step.name, side=step.side) for step in block_ends(network, blank))
    yield LayersListed(run=str(request.run), usual=target_layer(network.model, blank), layers=rows)


def block_ends(network: Network, images: Tensor) -> list[Step]:
    """The last layer with places in each block, from stem to head; normalised `images` N,3,S,S."""
    steps = spatial_steps(network.model, images)
    owned = {step.name: _parameters(network, step) for step in steps}
    ends = [_last(block, steps, owned) for block in network.blocks]
    return [step for step in ends if step is not None]


def _last(block: Block, steps: list[Step], owned: dict[str, set[str]]) -> Step | None:
    within = [step for step in steps if owned[step.name] and owned[step.name] <= set(block.parameters)]
    return within[-1] if within else None


def _parameters(network: Network, step: Step) -> set[str]:
    return {f"{step.name}.{name}" for name, _ in network.model.get_submodule(step.name).named_parameters()}
