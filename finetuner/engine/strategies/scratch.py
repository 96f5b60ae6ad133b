"""From scratch: random weights, one high learning rate for all, batch statistics learned."""

from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies.plan import Phase, Plan, Strategy, from_block

EPOCHS = 30
RATE = 2e-3


def plan(blocks: tuple[str, ...], options: StrategyPart) -> Plan:
    """One phase: nothing is pretrained, so nothing is treated with care."""
    rate = options.lr or RATE
    phase = Phase(0, "Train everything", from_block(blocks, 0, rate, rate))
    return Plan(blocks, (phase,), options.epochs or EPOCHS, batch_norm="train")


STRATEGY = Strategy(
    "From scratch",
    "Learns every weight from random ones. For when no pretrained network is at hand, or images like no others.",
    plan,
)
