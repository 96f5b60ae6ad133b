"""Which generator function of the engine answers which request."""

import traceback
from collections.abc import Callable, Generator
from contextlib import suppress
from importlib import import_module
from typing import Any

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Failed
from finetuner.engine.requests import Request

TASKS: dict[str, str] = {
    "scan": "finetuner.engine.dataset.scan:scan",
    "preview": "finetuner.engine.dataset.augmentation.preview:preview",
    "catalogue": "finetuner.engine.backbones.catalogue:catalogue",
    "measure-speed": "finetuner.engine.training.speed:measure_speed",
    "download": "finetuner.engine.backbones.download.task:download",
    "carry-out": "finetuner.engine.backbones.carry.journey:carry_out",
    "carry-in": "finetuner.engine.backbones.carry.journey:carry_in",
    "inspect-weights": "finetuner.engine.backbones.inspection:inspect_weights",
    "advise": "finetuner.engine.advice.advise:advise",
    "plan": "finetuner.engine.training.planning:plan",
    "train": "finetuner.engine.explanations.watching:train",
    "resume": "finetuner.engine.explanations.watching:resume",
    "race": "finetuner.engine.training.race:race",
    "refit": "finetuner.engine.training.refit:refit",
    "suspects": "finetuner.engine.training.suspects:suspects",
    "embed": "finetuner.engine.training.embedding:embed",
    "doctor": "finetuner.engine.training.hardware:doctor",
    "evaluate": "finetuner.engine.prediction.score:evaluate",
    "robustness": "finetuner.engine.prediction.robustness:robustness",
    "unknown": "finetuner.engine.prediction.unknown:unknown",
    "predict": "finetuner.engine.prediction.predict:predict",
    "explain": "finetuner.engine.explanations.explain:explain",
    "concept": "finetuner.engine.explanations.concepts.tcav:concept",
    "style-transfer": "finetuner.engine.explanations.play.style:style_transfer",
    "judge": "finetuner.engine.explanations.judge:judge",
    "layers": "finetuner.engine.explanations.layers:layers",
    "shortcuts": "finetuner.engine.explanations.habits.measure:shortcuts",
    "prepare-lesson": "finetuner.engine.teaching.prepare:prepare",
    "fit-lesson": "finetuner.engine.teaching.fit:fit",
    "export": "finetuner.engine.exporters.export:export",
}

# in a process of its own, a run goes on when nobody listens any more; its folder tells of it
OUTLIVES_ITS_LISTENER = ("train", "resume", "race", "refit")


def generator(request: Request) -> Generator[Event, None, None]:
    """The request's events. Raises FinetunerError on the way when the work cannot be done."""
    module, _, name = TASKS[request.task].partition(":")
    function: Callable[[Any], Generator[Event, None, None]] = getattr(import_module(module), name)
    return function(request)


def told(request: Request, stopped: Callable[[], bool]) -> Generator[Event, None, None]:
    """The request's events until `stopped()`, in which trouble is an event too: nothing is raised, nothing is silent.

    Ending it early closes the engine's generator, which tidies up; should that fail, this is told as well.
    """
    try:
        yield from _until(stopped, request)
    except Exception as error:  # noqa: BLE001  a worker's last door: the page must hear of it
        yield failure(error)


def failure(error: Exception) -> Failed:
    """An exception as the event that ends a call."""
    if isinstance(error, FinetunerError):
        return Failed(sentence=error.sentence, next_step=error.next_step)
    return Failed(
        sentence=f"Something unexpected happened: {type(error).__name__}: {error}.",
        next_step="Copy the details into a report.",
        details="".join(traceback.format_exception(error)),
    )


def _until(stopped: Callable[[], bool], request: Request) -> Generator[Event, None, None]:
    events = generator(request)
    try:
        for event in events:
            yield event
            if stopped():
                break
    except GeneratorExit:
        with suppress(FinetunerError):  # nobody listens any more; a run has it in its log
            events.close()
        raise
    events.close()
