"""Run folders that somebody else altered: who opens one gets its content or a sentence, and nothing else changes."""

from pathlib import Path

import pytest

from tests.hostile_checkpoints.case import Case
from tests.hostile_checkpoints.finished import finished_run
from tests.hostile_checkpoints.harness import Harness
from tests.hostile_checkpoints.runs import altered, run_cases
from tests.hostile_checkpoints.ways import run_ways

# the benchmark tries all of them; here every fifth, and fewer where a network is built
EVERY = {"train --resume": 11, "predict RUN": 13, "a run's best model": 7, "the list of runs": 13}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finished_run(tmp_path_factory.mktemp("strangers"))


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(tmp_path / "hostile", tmp_path)


@pytest.mark.parametrize("way", run_ways())
def test_a_strangers_run_is_opened_or_refused_in_a_sentence(harness: Harness, run: Path, way: str) -> None:
    opening, cases = run_ways()[way], list(run_cases(run))[:: EVERY.get(way, 5)]
    # an honest run first: what the program imports for it is not put down to a stranger's
    harness.open(Case("run", "honest", "", altered(run, lambda _: None)), way, opening)
    outcomes = [harness.open(case, way, opening) for case in cases]
    trouble = [f"{o.case.name}: {o.verdict} {o.told}" for o in outcomes if o.verdict not in ("refused", "loaded")]
    assert trouble == []
    assert [f"{o.case.name}: {o.events}" for o in outcomes if o.executed] == []


@pytest.mark.parametrize("part", ["checkpoints-elsewhere", "log-elsewhere", "lock-elsewhere"])
def test_what_lies_elsewhere_stays_as_it_is(harness: Harness, run: Path, part: str) -> None:
    case = next(case for case in run_cases(run) if case.name == part)
    assert harness.open(case, "resume", run_ways()["train --resume"]).verdict == "refused"
    (kept,) = (harness.folder / "precious").iterdir()
    assert kept.is_dir() or kept.read_text() == "precious\n"
