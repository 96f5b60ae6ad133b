"""Several benchmarks one after the other, each in a process and a home of its own, into one report."""

import argparse
import io
import multiprocessing
import os
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from pathlib import Path

from benchmarks.contenders import environment
from benchmarks.report import write
from benchmarks.results import Result
from benchmarks.table import machine

OUT = Path("build/benchmarks")


def run_all(arguments: argparse.Namespace, targets: Mapping[str, str]) -> None:
    """Run the benchmarks with these names, print what they found, and write the report anew after each."""
    arguments.peers = environment(arguments)
    results: dict[str, Result] = {}
    print(machine())
    for name, target in targets.items():
        print(f"Measuring: {name}", file=sys.stderr, flush=True)
        results[name] = _apart(target, arguments)
        print(f"\n## {name}\n\n{results[name].markdown()}", flush=True)
        write(results, arguments.out or OUT)


def run(name: str, target: str, arguments: argparse.Namespace) -> None:
    """Run one in this process; with `--out` the report is written as well, where a benchmark gives a result."""
    result = None
    with own_home():
        for result in results_of(target, arguments):
            if arguments.out:
                write({name: result}, arguments.out)
    if result:
        print(f"{machine()}\n\n{result.markdown()}")


def results_of(target: str, arguments: argparse.Namespace) -> Iterator[Result]:
    """What a benchmark gives: nothing if it prints, one result, or if it is long what it has so far, time and again."""
    told = function(target)(arguments)
    if isinstance(told, Result):
        yield told
    elif told is not None:
        yield from told


def function(target: str) -> Callable[[argparse.Namespace], Result | Iterable[Result] | None]:
    """What `module:function` names."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


@contextmanager
def own_home() -> Iterator[None]:
    """Within the block nothing is known from earlier runs, and nothing is left of them afterwards."""
    with tempfile.TemporaryDirectory(prefix="finetuner-benchmark-") as home:
        os.environ["FINETUNER_HOME"] = home
        yield


def _apart(target: str, arguments: argparse.Namespace) -> Result:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_told, target, arguments).result()


def _told(target: str, arguments: argparse.Namespace) -> Result:
    """What it gives, or for one that prints, what it printed."""
    with own_home(), redirect_stdout(io.StringIO()) as printed:
        last = deque(results_of(target, arguments), maxlen=1)
    return last[0] if last else Result(records=(), tables=(), remark=printed.getvalue().strip())
