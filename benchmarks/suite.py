"""Several benchmarks one after the other, each in a process and a home of its own, into one report."""

import argparse
import io
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
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
    with own_home():
        result = function(target)(arguments)
    if isinstance(result, Result):
        print(f"{machine()}\n\n{result.markdown()}")
        if arguments.out:
            write({name: result}, arguments.out)


def function(target: str) -> Callable[[argparse.Namespace], Result | None]:
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
        result = function(target)(arguments)
    return result or Result(records=(), tables=(), remark=printed.getvalue().strip())
