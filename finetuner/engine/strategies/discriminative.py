"""Discriminative learning rates (Howard and Ruder, 2018), known as layer decay: slow at the stem, fast at the head."""

from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies.plan import Phase, Plan, Strategy

EPOCHS = 10
HEAD_RATE = 1e-3
STEM_SHARE = 0.01


def plan(blocks: tuple[str, ...], options: StrategyPart) -> Plan:
    """One phase: rates fall geometrically from the head to the stem.

    `layer_decay` d gives block k of n the rate `lr * d ** (n - 1 - k)`; by default d is chosen so that the
    stem gets a hundredth of the head's rate, whatever the depth.
    """
    rate, last = options.lr or HEAD_RATE, len(blocks) - 1
    decay = options.layer_decay or STEM_SHARE ** (1 / max(last, 1))
    rates = tuple(rate * decay ** (last - index) for index in range(len(blocks)))
    return Plan(blocks, (Phase(0, "Train, slower towards the stem", rates),), options.epochs or EPOCHS)


STRATEGY = Strategy(
    "Discriminative rates",
    "Everything learns, the head fast and each earlier block slower, since early features are the most general.",
    plan,
    options=("epochs", "lr", "layer_decay", "batch_norm"),
)
