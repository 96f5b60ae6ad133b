"""Strategies: block names and options in, a plan out (phases by blocks, a learning rate in each cell).

To add one: write a file with a `STRATEGY`, add a line here, and its name to `job.StrategyName`.
Nothing here imports torch: a plan is drawn and tested without a network.
"""

from collections.abc import Sequence

from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies import discriminative, freeze, full, gradual, lp_ft, probe, scratch
from finetuner.engine.strategies.plan import Plan, Strategy

STRATEGIES: dict[str, Strategy] = {
    "probe": probe.STRATEGY,
    "freeze": freeze.STRATEGY,
    "gradual": gradual.STRATEGY,
    "discriminative": discriminative.STRATEGY,
    "full": full.STRATEGY,
    "lp-ft": lp_ft.STRATEGY,
    "scratch": scratch.STRATEGY,
}


def draw(blocks: Sequence[str], options: StrategyPart, pretrained: bool) -> Plan:
    """The plan of the chosen strategy for these blocks (stem first, head last).

    Raises FinetunerError when an option does not fit the network.
    """
    strategy = STRATEGIES[resolve(options.strategy, pretrained)]
    plan = strategy.plan(tuple(blocks), options)
    if options.batch_norm != "auto":
        return plan.with_batch_norm(options.batch_norm)
    return plan if pretrained else plan.with_batch_norm("train")


def resolve(name: str, pretrained: bool) -> str:
    """The strategy behind *auto*: a probe where there is something to probe, else learning from scratch."""
    if name == "auto":
        return "probe" if pretrained else "scratch"
    if name not in STRATEGIES:
        raise FinetunerError(f"There is no strategy called {name}.", f"Choose one of: {', '.join(STRATEGIES)}.")
    return name
