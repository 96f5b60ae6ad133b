"""Linear probe: the backbone is frozen, its features are computed once, the head is solved to convergence."""

from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies.plan import Phase, Plan, Strategy, head_only

RATE = 1e-3


def plan(blocks: tuple[str, ...], options: StrategyPart) -> Plan:
    """One phase of one epoch, in which the head is solved."""
    return Plan(blocks, (Phase(0, "Solve the head", head_only(blocks, options.lr or RATE), solve=True),), epochs=1)


STRATEGY = Strategy(
    "Linear probe",
    "Keeps the network as it is and finds the best head for your classes. Seconds, and hard to beat on few images.",
    plan,
    options=(),
)
