"""More than 200 hostile checkpoints through every way into the program: does any of them execute anything?

The files are made by `tests.hostile_checkpoints`, the same every time. First it is shown that they are loaded: how many
do execute when a plain `pickle.load` or `torch.load(weights_only=False)` opens them, in a fork that is thrown away.
"""

import argparse
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from benchmarks.table import machine, print_table
from finetuner.engine import paths
from finetuner.engine.backbones import unpickle
from tests.hostile_checkpoints import all_cases
from tests.hostile_checkpoints.case import Case
from tests.hostile_checkpoints.finished import finished_run
from tests.hostile_checkpoints.harness import Harness, Outcome, rehearsed
from tests.hostile_checkpoints.runs import run_cases
from tests.hostile_checkpoints.trigger import fires
from tests.hostile_checkpoints.ways import Way, run_ways, ways


def measure(arguments: argparse.Namespace) -> None:
    home = _home()
    print(f"{machine()}\n")
    unpickle.rehearse()
    run = finished_run(home)
    cases, harness = all_cases(), Harness(home / "hostile", home)
    rehearsed(harness, run)
    armed = [case.name for case in cases if case.kind == "execution" and fires(case, home)]
    print(f"{len(cases)} files; {len(armed)} of them execute something when a plain unpickler opens them.\n")
    outcomes: list[Outcome] = []
    rows = chain(_opened(harness, cases, ways(run), outcomes), _opened(harness, run_cases(run), run_ways(), outcomes))
    print_table(("way in", "files", "refused", "loaded, harmless", "other", "executed"), rows)
    print()
    print_table(("kind", "files", "openings", "executed", "slowest s", "peak MB above the least"), _by_kind(outcomes))
    _tell_trouble(outcomes)


def _home() -> Path:
    """Everything in one folder that is thrown away; the caches of this machine stay out of it."""
    home = paths.data_dir()
    for name in ("HF_HOME", "HF_HUB_CACHE", "TORCH_HOME"):
        os.environ[name] = str(home / name.lower())
    os.environ["HF_HUB_OFFLINE"] = "1"
    return home


def _opened(
    harness: Harness, cases: Iterable[Case], by: dict[str, Way], outcomes: list[Outcome]
) -> Iterator[tuple[object, ...]]:
    """A row for each way, when all files went through it; the outcomes are kept for the other table."""
    listed = list(cases)
    for way, opening in by.items():
        these = [harness.open(case, way, opening) for case in listed]
        outcomes += these
        verdicts = Counter(outcome.verdict for outcome in these)
        other = len(these) - verdicts["refused"] - verdicts["loaded"]
        yield way, len(these), verdicts["refused"], verdicts["loaded"], other, _executed(these)


def _by_kind(outcomes: list[Outcome]) -> Iterable[tuple[object, ...]]:
    least = min(outcome.peak_mb for outcome in outcomes if outcome.peak_mb)
    grouped: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        grouped[outcome.case.kind].append(outcome)
    for kind, these in grouped.items():
        slowest, peak = max(o.seconds for o in these), max(o.peak_mb for o in these)
        files = len({outcome.case.name for outcome in these})
        yield kind, files, len(these), _executed(these), f"{slowest:.1f}", f"{max(peak - least, 0):.0f}"


def _executed(outcomes: Iterable[Outcome]) -> int:
    return sum(outcome.executed for outcome in outcomes)


def _tell_trouble(outcomes: Iterable[Outcome]) -> None:
    """What a developer must look at."""
    for outcome in outcomes:
        if outcome.executed or outcome.verdict not in ("refused", "loaded"):
            print(f"{outcome.way}, {outcome.case.name}: {outcome.verdict} {outcome.told[:200]} {outcome.events}")
