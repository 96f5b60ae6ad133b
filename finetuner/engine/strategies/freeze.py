"""Frozen up to a block: early blocks keep their general features, the later ones learn."""

from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies.plan import Phase, Plan, Strategy, from_block

EPOCHS = 10
HEAD_RATE = 1e-3
BODY_SHARE = 0.2


def plan(blocks: tuple[str, ...], options: StrategyPart) -> Plan:
    """One phase: `freeze_blocks` blocks (default: all but the last two of the body) stay frozen."""
    head_rate = options.lr or HEAD_RATE
    frozen = _frozen(blocks, options.freeze_blocks)
    rates = from_block(blocks, frozen, head_rate * BODY_SHARE, head_rate)
    return Plan(blocks, (Phase(0, f"Train from {blocks[frozen]}", rates),), options.epochs or EPOCHS)


def _frozen(blocks: tuple[str, ...], wanted: int | None) -> int:
    body = len(blocks) - 1
    if wanted is None:
        return max(body - 2, 0)
    if wanted > body:
        raise FinetunerError(
            f"This network has {body} blocks before its head; {wanted} cannot be frozen.",
            f"Choose at most {body} frozen blocks.",
        )
    return wanted


STRATEGY = Strategy(
    "Frozen up to a block",
    "Early blocks stay as they are; the later blocks and the head learn. Fast, and gentle with few images.",
    plan,
    options=("epochs", "lr", "freeze_blocks", "batch_norm"),
)
