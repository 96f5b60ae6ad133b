from pathlib import Path

import pytest

from benchmarks import stages
from benchmarks.growth import COUNTS, SIZE, SOME, points
from benchmarks.stages import stage
from finetuner import engine
from finetuner.engine.events import Event, Notice, Progress

TOLD = [
    (Progress(activity="Finding files", done=3), "scan"),
    (Progress(activity="Checking images", done=3, total=9, rate=2.0), "scan"),
    (Progress(activity="Reading images", done=3, total=9), "decode"),
    (Progress(activity="Computing features", done=3, total=9), "features"),
    (Notice(sentence="Something is said."), "rest"),
]


@pytest.mark.parametrize(("event", "name"), TOLD)
def test_an_event_belongs_to_its_stage(event: Event, name: str) -> None:
    assert stage(event) == name


def test_every_activity_is_one_that_the_engine_tells() -> None:
    """One that was renamed there would be counted as the rest."""
    sources = "".join(file.read_text("utf-8") for file in Path(engine.__path__[0]).rglob("*.py"))
    assert [activity for activity in stages._STAGES if f'"{activity}"' not in sources] == []


def test_only_one_thing_is_varied_at_a_time() -> None:
    found = list(points(8_000))
    assert [each["images"] for each in found if each["varied"] == "images"] == [500, 2_000, 8_000]
    assert {each["images"] for each in found if each["varied"] != "images"} == {SOME}
    assert SIZE not in [each.get("files") for each in found]


@pytest.mark.parametrize("most", [40, *COUNTS])
def test_the_most_is_always_measured(most: int) -> None:
    assert max(each["images"] for each in points(most)) == most
