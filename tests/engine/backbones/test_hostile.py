"""A few hostile checkpoints of every kind, opened as `train --weights` does; `python -m benchmarks hostile` opens all.

And the proof that the witnesses see: the same files, opened as this program never does.
"""

import pickle
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from finetuner.engine.backbones import confinement, unpickle
from finetuner.engine.backbones.network import build
from finetuner.engine.job import BackbonePart
from tests.hostile_checkpoints import all_cases
from tests.hostile_checkpoints.case import Case
from tests.hostile_checkpoints.harness import Harness
from tests.hostile_checkpoints.trigger import fires

# beyond these of each kind the benchmark goes; what takes long is only there
OF_EACH_KIND = 7
SLOW = ("many-", "nested-", "hash-of-laughs", "too-many", "header-of-11-mb", "deep")
CASES = all_cases()


def chosen() -> Iterator[Case]:
    """Spread evenly over each kind."""
    quick = (case for case in CASES if not case.name.startswith(SLOW))
    for _, group in groupby(sorted(quick, key=lambda case: case.kind), key=lambda case: case.kind):
        cases = list(group)
        yield from cases[:: max(1, len(cases) // OF_EACH_KIND)]


def case(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(tmp_path / "hostile", tmp_path)


def load(path: Path) -> None:
    build(BackbonePart(backbone="test_resnet", weights=path), 2)


def test_there_are_more_than_two_hundred_and_no_two_alike() -> None:
    assert len({(case.kind, case.name, case.suffix) for case in CASES}) == len(CASES) > 200


@pytest.mark.parametrize("hostile", [pytest.param(case, id=f"{case.kind}-{case.name}") for case in chosen()])
def test_a_hostile_file_is_refused_in_a_sentence_and_nothing_runs(harness: Harness, hostile: Case) -> None:
    outcome = harness.open(hostile, "train --weights", load)
    assert outcome.verdict == "refused", outcome.told
    assert not outcome.executed, outcome.events


LOADED = ("os-system-in-zip", "eval-in-zip", "container-legacy", "subprocess-popen-in-zip", "style-stacked-raw")


@pytest.mark.parametrize("name", LOADED)
def test_the_files_are_loaded(tmp_path: Path, name: str) -> None:
    assert fires(case(name), tmp_path)


def _recklessly(path: Path) -> object:
    return pickle.loads(path.read_bytes())  # noqa: S301  it is what the witnesses must see


def test_the_witnesses_see_an_execution_in_this_process(harness: Harness) -> None:
    outcome = harness.open(case("protocol-2"), "recklessly", _recklessly)
    assert outcome.canary
    assert any(event.startswith("exec") for event in outcome.events)


def test_the_witnesses_see_an_execution_in_the_child(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpickle, "load", _recklessly)
    monkeypatch.setattr(confinement, "refuse", lambda *_: None)
    outcome = harness.open(case("protocol-2"), "recklessly, without a door", load)
    assert outcome.canary
    assert any("child: exec" in event for event in outcome.events)


def test_the_door_holds_even_where_the_unpickler_does_not(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpickle, "load", _recklessly)
    outcome = harness.open(case("protocol-2"), "recklessly", load)
    assert outcome.verdict == "refused"
    assert "contains program code" in outcome.told
    assert not outcome.executed
