"""Gradual unfreezing (Howard and Ruder, 2018, ULMFiT): block after block, from the head down."""

from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies.plan import Phase, Plan, Strategy, from_block, head_only

EPOCHS = 10
HEAD_RATE = 5e-4
BODY_SHARE = 0.2


def plan(blocks: tuple[str, ...], options: StrategyPart) -> Plan:
    """The head is solved first; then one more group of blocks learns in each phase, until all do.

    With fewer epochs than blocks, neighbouring blocks are unfrozen together.
    """
    epochs, rate = options.epochs or EPOCHS, options.lr or HEAD_RATE
    first = Phase(0, "Solve the head", head_only(blocks, rate), solve=True)
    steps = _timetable(len(blocks) - 1, epochs - 1)
    return Plan(blocks, (first, *(_phase(blocks, start, opened, rate) for start, opened in steps)), epochs)


def _phase(blocks: tuple[str, ...], start: int, opened: int, rate: float) -> Phase:
    return Phase(start, f"Unfreeze from {blocks[opened]}", from_block(blocks, opened, rate * BODY_SHARE, rate))


def _timetable(body: int, epochs: int) -> list[tuple[int, int]]:
    """(start epoch, first open block) of each phase: `body` blocks spread evenly over `epochs`, the last one open."""
    phases = min(body, epochs)
    return [(1 + number * epochs // phases, body - (number + 1) * body // phases) for number in range(phases)]


STRATEGY = Strategy(
    "Gradual unfreezing",
    "Opens the network block after block, from the head down, so that early features are disturbed last.",
    plan,
)
