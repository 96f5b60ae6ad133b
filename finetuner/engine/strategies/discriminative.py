"""Discriminative learning rates (Howard and Ruder, 2018), known as layer decay: slow at the stem, fast at the head."""

from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies.plan import Phase, Plan, Rates, Strategy, head_only

EPOCHS = 10
HEAD_RATE = 5e-4
STEM_SHARE = 0.01


def plan(blocks: tuple[str, ...], options: StrategyPart) -> Plan:
    """The head is solved in the first epoch, if there is a second; then rates fall geometrically from head to stem.

    `layer_decay` d gives block k of n the rate `lr * d ** (n - 1 - k)`; by default d is chosen so that the
    stem gets a hundredth of the head's rate, whatever the depth.
    """
    epochs, rate = options.epochs or EPOCHS, options.lr or HEAD_RATE
    decay = options.layer_decay or STEM_SHARE ** (1 / max(len(blocks) - 1, 1))
    solve = Phase(0, "Solve the head", head_only(blocks, rate), solve=True)
    tune = Phase(min(1, epochs - 1), "Train, slower towards the stem", _falling(len(blocks), rate, decay))
    return Plan(blocks, (solve, tune) if epochs > 1 else (tune,), epochs)


def _falling(blocks: int, rate: float, decay: float) -> Rates:
    return tuple(rate * decay ** (blocks - 1 - index) for index in range(blocks))


STRATEGY = Strategy(
    "Discriminative rates",
    "Everything learns, the head fast and each earlier block slower, since early features are the most general.",
    plan,
    options=("epochs", "lr", "layer_decay", "batch_norm"),
)
