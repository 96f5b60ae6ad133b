from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Failed, Notice
from finetuner.engine.launchers import tasks
from finetuner.engine.launchers.tasks import TASKS, told
from finetuner.engine.requests import DoctorRequest

REQUEST = DoctorRequest()
ONE, TWO = Notice(sentence="one"), Notice(sentence="two")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[object], Iterator[Event]]], None]:
    """Let every request be answered by this generator function."""

    def use(function: Callable[[object], Iterator[Event]]) -> None:
        monkeypatch.setattr(tasks, "generator", function)

    return use


def never() -> bool:
    return False


def always() -> bool:
    return True


@pytest.mark.parametrize("target", TASKS.values(), ids=TASKS)
def test_every_task_has_its_function(target: str) -> None:
    module, _, name = target.partition(":")
    assert callable(getattr(import_module(module), name))


def test_what_happens_is_told(work: Callable[..., None]) -> None:
    work(lambda _: iter_of(ONE, TWO))
    assert list(told(REQUEST, never)) == [ONE, TWO]


def iter_of(*events: Event) -> Iterator[Event]:
    yield from events


def test_trouble_ends_as_a_sentence(work: Callable[..., None]) -> None:
    def refused(_: object) -> Iterator[Event]:
        yield ONE
        raise FinetunerError("No.", "Try yes.")

    work(refused)
    assert list(told(REQUEST, never)) == [ONE, Failed(sentence="No.", next_step="Try yes.")]


def test_the_unexpected_ends_as_a_sentence_with_details(work: Callable[..., None]) -> None:
    def broken(_: object) -> Iterator[Event]:
        yield ONE
        raise ZeroDivisionError("by nothing")

    work(broken)
    failed = list(told(REQUEST, never))[-1]
    assert isinstance(failed, Failed)
    assert failed.sentence == "Something unexpected happened: ZeroDivisionError: by nothing."
    assert "Traceback" in failed.details
    assert "broken" in failed.details


def tidying(log: list[str], trouble: Exception | None = None) -> Callable[[object], Iterator[Event]]:
    def function(_: object) -> Iterator[Event]:
        try:
            yield ONE
            yield TWO
        finally:
            log.append("tidied")
            if trouble is not None:
                raise trouble

    return function


def test_stopping_tidies_up(work: Callable[..., None]) -> None:
    log: list[str] = []
    work(tidying(log))
    assert (list(told(REQUEST, always)), log) == ([ONE], ["tidied"])


def test_when_tidying_up_fails_it_is_told(work: Callable[..., None]) -> None:
    log: list[str] = []
    work(tidying(log, FinetunerError("The disk is full.")))
    assert list(told(REQUEST, always)) == [ONE, Failed(sentence="The disk is full.")]


@pytest.mark.parametrize("trouble", [None, FinetunerError("The disk is full.")])
def test_a_walk_that_is_given_up_tidies_up_and_raises_nothing(
    work: Callable[..., None], trouble: Exception | None
) -> None:
    log: list[str] = []
    work(tidying(log, trouble))
    walk = told(REQUEST, never)
    assert next(walk) == ONE
    walk.close()
    assert log == ["tidied"]


def test_a_request_without_a_folder_is_a_sentence(tmp_path: Path) -> None:
    from finetuner.engine.requests import ResumeRequest

    (failed,) = told(ResumeRequest(run=tmp_path), never)
    assert isinstance(failed, Failed)
    assert "is not a run" in failed.sentence
