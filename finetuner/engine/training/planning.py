"""Draws the strategy's table for a job before anything is trained."""

from collections.abc import Iterator

from finetuner.engine.backbones.network import build, settle
from finetuner.engine.events import Event
from finetuner.engine.requests import PlanRequest
from finetuner.engine.strategies import draw
from finetuner.engine.training.chronicle import plan_drawn


def plan(request: PlanRequest) -> Iterator[Event]:
    """Yield PlanDrawn. Raises FinetunerError when the backbone or an option does not fit."""
    backbone = settle(request.job.backbone)
    network = build(backbone, classes=2, load=False)
    drawn = draw([block.name for block in network.blocks], request.job.strategy, backbone.pretrained)
    yield plan_drawn(drawn, network.block_parameters)
