"""Which of several raced runs to take, and why: the best one, unless a cheaper one cannot be told apart from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from finetuner.engine.evaluation.certainty import beside
from finetuner.engine.evaluation.comparison import SIGNIFICANT, Comparison
from finetuner.engine.evaluation.two_runs import compare_runs
from finetuner.engine.events import RaceEntry


@dataclass(frozen=True)
class Ranking:
    """Entries, best first; the one to take; why."""

    entries: tuple[RaceEntry, ...]
    winner: RaceEntry
    sentence: str


def rank(entries: Sequence[RaceEntry], compared: Callable[[RaceEntry, RaceEntry], Comparison] | None = None) -> Ranking:
    """Rank by accuracy, then by loss; take the cheapest of those that McNemar's test cannot tell from the leader.

    `entries`: at least one. `compared`: how two are compared; default: on their answers in the run folders.
    """
    ranked = tuple(sorted(entries, key=lambda entry: (-entry.accuracy, entry.loss)))
    leader, others = ranked[0], ranked[1:]
    ask = compared or _answers
    equals = [entry for entry in others if ask(leader, entry).p_value >= SIGNIFICANT]
    winner = min((leader, *equals), key=lambda entry: entry.seconds)
    return Ranking(ranked, winner, _because(leader, winner, equals, others))


def _answers(one: RaceEntry, two: RaceEntry) -> Comparison:
    return compare_runs(Path(one.run), Path(two.run)).comparison


def _because(leader: RaceEntry, winner: RaceEntry, equals: Sequence[RaceEntry], others: Sequence[RaceEntry]) -> str:
    told = f"{leader.strategy} leads with {_figure(leader)}."
    if not others:
        return f"{told} No other one was raced to an end."
    if not equals:
        return f"{told} It is better than every other one (McNemar's test, p < {SIGNIFICANT})."
    *most, last = (entry.strategy for entry in equals)
    names = f"{', '.join(most)} and {last}" if most else last
    told = f"{told} On these images it cannot be told apart from {names} (McNemar's test, p at least {SIGNIFICANT})."
    if winner == leader:
        return (
            f"{told} It is also the cheapest of them, with {winner.seconds:.1f} s of training: take {winner.strategy}."
        )
    return (
        f"{told} Take the cheapest of them: {winner.strategy}, {_figure(winner)},"
        f" {winner.seconds:.1f} s of training against {leader.seconds:.1f} s."
    )


def _figure(entry: RaceEntry) -> str:
    return f"{entry.accuracy * 100:.1f}\u202f% ({beside(entry.images, entry.accuracy_interval)})"
