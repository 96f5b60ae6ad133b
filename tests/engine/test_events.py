"""Events and requests are values: each kind crosses a pipe and comes back equal, whatever a file is called."""

import json
import os
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from finetuner.engine import events, requests
from finetuner.engine.events import Event, parse_event
from finetuner.engine.job import Job
from finetuner.engine.launchers.tasks import TASKS
from finetuner.engine.requests import Request, parse_request

EVENTS = get_args(get_args(events.AnyEvent)[0])
REQUESTS = get_args(get_args(requests.AnyRequest)[0])

# Whatever bytes a file name consists of, as Python shows them.
names = st.binary(min_size=1).map(os.fsdecode) | st.text(st.characters(codec="utf-8"), min_size=1)
st.register_type_strategy(str, names)
st.register_type_strategy(Path, names.map(Path))
st.register_type_strategy(float, st.floats(allow_nan=False))


_LIMITED = {"kind", "task", "job", "image_size", "count", "seed", "augmentation", "draws", "steps", "side", "strength"}


def examples(kind: type[BaseModel]) -> st.SearchStrategy[Any]:
    given_fields = {
        name: st.from_type(field.annotation) for name, field in kind.model_fields.items() if name not in _LIMITED
    }
    return st.builds(kind, **given_fields)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_survives_its_journey(kind: type[Event]) -> None:
    @settings(max_examples=20)
    @given(examples(kind))
    def check(event: Event) -> None:
        line = event.to_json()
        assert line.isascii()
        assert "\n" not in line
        assert parse_event(line) == event

    check()


@pytest.mark.parametrize("kind", REQUESTS, ids=lambda kind: kind.__name__)
def test_every_request_survives_its_journey(kind: type[Request]) -> None:
    @settings(max_examples=20)
    @given(examples(kind))
    def check(request: Request) -> None:
        assert parse_request(request.to_json()) == request

    if "job" in kind.model_fields or kind is requests.PreviewRequest:
        return check_with_parts(kind)
    check()
    return None


def check_with_parts(kind: type[Request]) -> None:
    parts = {
        "job": Job().changed(data=Path(os.fsdecode(b"caf\xe9")), epochs=3),
        "run": Path("r"),
        "out": Path("o"),
        "seconds": 60.0,
        "image": Path(os.fsdecode(b"\xff.png")),
        "folder": Path("f"),
        "augmentation": "light",
    }
    request = kind(**{name: value for name, value in parts.items() if name in kind.model_fields})
    assert parse_request(request.to_json()) == request


def test_every_kind_is_in_the_union_once() -> None:
    named = [
        kind for kind in map(events.__getattr__, events.__all__) if isinstance(kind, type) and issubclass(kind, Event)
    ]
    assert set(EVENTS) == set(named) - {Event}
    assert len({kind.model_fields["kind"].default for kind in EVENTS}) == len(EVENTS)


def test_every_request_has_its_task_and_every_task_its_request() -> None:
    assert {kind.model_fields["task"].default for kind in REQUESTS} == set(TASKS)


def test_events_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        events.Notice(sentence="one").sentence = "two"  # type: ignore[misc]


def test_fields_of_a_later_version_are_ignored() -> None:
    line = json.dumps({"kind": "notice", "sentence": "Hello.", "mood": "cheerful"})
    assert parse_event(line) == events.Notice(sentence="Hello.")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"kind": "unheard-of"}', '{"kind": "notice"}'])
def test_what_is_no_event_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|validation error"):
        parse_event(text)


def test_a_loss_that_is_no_number_can_be_told() -> None:
    event = events.EpochEnded(
        epoch=1, epochs=2, train_loss=float("nan"), val_loss=float("inf"), val_accuracy=0.5, rates=(None, 1.0),
        images_per_second=1.0, seconds=1.0, best=False,
    )  # fmt: skip
    back = parse_event(event.to_json())
    assert isinstance(back, events.EpochEnded)
    assert back.train_loss != back.train_loss
    assert back.val_loss == float("inf")
