"""LP-FT (Kumar et al., 2022): a linear probe first, then everything from there, so that good features survive."""

from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies.plan import Phase, Plan, Strategy, from_block, head_only

EPOCHS = 10
RATE = 1e-4


def plan(blocks: tuple[str, ...], options: StrategyPart) -> Plan:
    """The head is solved in the first epoch; then every block and the head learn at one small rate."""
    epochs, rate = options.epochs or EPOCHS, options.lr or RATE
    solve = Phase(0, "Solve the head", head_only(blocks, rate), solve=True)
    tune = Phase(1, "Train everything", from_block(blocks, 0, rate, rate))
    return Plan(blocks, (solve, tune) if epochs > 1 else (solve,), epochs)


STRATEGY = Strategy(
    "Probe, then fine-tune",
    "Solves the head first, then tunes everything gently from there: never below the probe on the validation images.",
    plan,
)
