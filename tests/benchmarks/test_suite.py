import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.results import Result
from benchmarks.suite import results_of, run

ONE, BOTH = Result(({"images": 1},), ()), Result(({"images": 1}, {"images": 2}), ())
HERE = "tests.benchmarks.test_suite"


def at_once(_arguments: argparse.Namespace) -> Result:
    return BOTH


def by_and_by(_arguments: argparse.Namespace) -> Iterator[Result]:
    yield ONE
    yield BOTH


def cut_short(_arguments: argparse.Namespace) -> Iterator[Result]:
    yield ONE
    raise KeyboardInterrupt


def that_prints(_arguments: argparse.Namespace) -> None:
    print("figures")


@pytest.mark.parametrize(("name", "results"), [("at_once", [BOTH]), ("by_and_by", [ONE, BOTH]), ("that_prints", [])])
def test_a_benchmark_gives_one_result_or_several_or_prints(name: str, results: list[Result]) -> None:
    assert list(results_of(f"{HERE}:{name}", argparse.Namespace())) == results


def test_what_was_measured_before_a_run_was_cut_short_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINETUNER_HOME", "")
    with pytest.raises(KeyboardInterrupt):
        run("growth", f"{HERE}:cut_short", argparse.Namespace(out=tmp_path))
    assert json.loads((tmp_path / "results.json").read_text())["benchmarks"]["growth"]["records"] == list(ONE.records)
