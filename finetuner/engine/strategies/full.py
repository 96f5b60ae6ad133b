"""Full fine-tuning: every block learns from the first step."""

from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies.plan import Phase, Plan, Strategy, from_block

EPOCHS = 10
HEAD_RATE = 1e-3
BODY_SHARE = 0.1


def plan(blocks: tuple[str, ...], options: StrategyPart) -> Plan:
    """One phase: the pretrained blocks at a tenth of the rate of the new head.

    Batch norm keeps the statistics of its pretraining, as in every strategy for a pretrained network: those of a few
    small batches are worse, and slower (docs/decisions/0030).
    """
    rate = options.lr or HEAD_RATE
    phase = Phase(0, "Train everything", from_block(blocks, 0, rate * BODY_SHARE, rate))
    return Plan(blocks, (phase,), options.epochs or EPOCHS)


STRATEGY = Strategy(
    "Full fine-tuning",
    "Every block learns from the start, the new head fastest. The most freedom, for a little more patience.",
    plan,
)
