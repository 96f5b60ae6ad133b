"""What holds for every line of every menu: its name can be typed, it leads somewhere, and it says what it is."""

import importlib
import inspect
import re
from typing import Any, get_args

import pytest

from finetuner.cli import VERBS
from finetuner.engine.job import Job, StrategyName
from finetuner.engine.launchers.tasks import TASKS
from finetuner.engine.requests import AnyRequest
from finetuner.engine.strategies import STRATEGIES, draw

MENUS = {
    "STRATEGIES": "finetuner.engine.strategies",
    "SOURCES": "finetuner.engine.backbones.sources",
    "EXPLANATIONS": "finetuner.engine.explanations",
    "EXPORTERS": "finetuner.engine.exporters",
    "LAUNCHERS": "finetuner.engine.launchers",
    "FRAME_SOURCES": "finetuner.frame_sources",
    "PAGES": "finetuner.gui.pages",
    "VERBS": "finetuner.cli",
}
TYPEABLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\+*")


def menu(name: str) -> dict[str, Any]:
    lines: dict[str, Any] = getattr(importlib.import_module(MENUS[name]), name)
    return lines


LINES = [pytest.param(name, line, id=f"{name}-{line}") for name in MENUS for line in menu(name)]


def place(entry: Any) -> str | None:
    """Where a line leads, if it names it as "module:attribute" to be imported when needed."""
    return entry if isinstance(entry, str) else getattr(entry, "target", None)


def arrive(entry: Any) -> Any:
    """What a line leads to: the function, the class, or the entry itself."""
    where = place(entry)
    if where is None:
        return entry
    module, _, attribute = where.partition(":")
    return getattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize("name", MENUS)
def test_the_room_says_how_to_add_a_line(name: str) -> None:
    room = importlib.import_module(MENUS[name])
    assert "to add " in (room.__doc__ or "").lower()
    assert menu(name)


@pytest.mark.parametrize(("name", "line"), LINES)
def test_a_line_can_be_typed(name: str, line: str) -> None:
    assert TYPEABLE.fullmatch(line)


@pytest.mark.parametrize(("name", "line"), LINES)
def test_a_line_leads_to_something_in_its_room(name: str, line: str) -> None:
    entry = menu(name)[line]
    destination = arrive(entry)
    assert callable(destination) or callable(destination.plan)
    assert (place(entry) or MENUS[name]).startswith(MENUS[name])


@pytest.mark.parametrize(("name", "line"), LINES)
def test_a_line_says_what_it_is(name: str, line: str) -> None:
    destination = arrive(menu(name)[line])
    sentence = getattr(destination, "sentence", None) or inspect.getdoc(destination) or ""
    assert len(sentence.split()) >= 3


def test_every_strategy_can_be_named_in_a_job() -> None:
    assert set(get_args(StrategyName)) == {"auto", *STRATEGIES}


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize("depth", [2, 3, 5, 12, 40])
@pytest.mark.parametrize("epochs", [None, 1, 2, 7])
def test_every_strategy_teaches_the_head_of_any_network(name: str, depth: int, epochs: int | None) -> None:
    blocks = ["stem", *(f"block{number}" for number in range(depth - 2)), "head"]
    plan = draw(blocks, Job().changed(strategy=name, epochs=epochs).strategy, pretrained=True)
    assert all(phase.rates[-1] for phase in plan.phases)
    assert all(rate is None or rate > 0 for phase in plan.phases for rate in phase.rates)


def test_every_request_has_its_task() -> None:
    requests = get_args(get_args(AnyRequest)[0])
    assert {request.model_fields["task"].default for request in requests} == set(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_a_generator(task: str) -> None:
    assert inspect.isgeneratorfunction(arrive(TASKS[task]))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_speaks_json(verb: str) -> None:
    assert "json" in inspect.signature(arrive(VERBS[verb])).parameters
