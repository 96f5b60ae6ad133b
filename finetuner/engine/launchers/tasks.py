"""Which generator function of the engine answers which request."""

import traceback
from collections.abc import Callable, Generator
from importlib import import_module
from typing import Any

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Failed
from finetuner.engine.requests import Request

TASKS: dict[str, str] = {
    "scan": "finetuner.engine.dataset.scan:scan",
    "preview": "finetuner.engine.dataset.augmentation:preview",
    "catalogue": "finetuner.engine.backbones.catalogue:catalogue",
    "download": "finetuner.engine.backbones.download:download",
    "inspect-weights": "finetuner.engine.backbones.inspection:inspect_weights",
    "plan": "finetuner.engine.training.planning:plan",
    "train": "finetuner.engine.training.loop:train",
    "resume": "finetuner.engine.training.loop:resume",
    "doctor": "finetuner.engine.training.hardware:doctor",
    "evaluate": "finetuner.engine.prediction.score:evaluate",
    "predict": "finetuner.engine.prediction.predict:predict",
    "explain": "finetuner.engine.explanations.explain:explain",
    "export": "finetuner.engine.exporters.export:export",
}


def generator(request: Request) -> Generator[Event, None, None]:
    """The request's events. Raises FinetunerError on the way when the work cannot be done."""
    module, _, name = TASKS[request.task].partition(":")
    function: Callable[[Any], Generator[Event, None, None]] = getattr(import_module(module), name)
    return function(request)


def told(request: Request) -> Generator[Event, None, None]:
    """The request's events, in which trouble is an event too: nothing is raised, nothing is silent."""
    try:
        yield from generator(request)
    except FinetunerError as error:
        yield Failed(sentence=error.sentence, next_step=error.next_step)
    except Exception as error:  # noqa: BLE001  a worker's last door: the page must hear of it
        yield Failed(
            sentence=f"Something unexpected happened: {type(error).__name__}: {error}.",
            next_step="Copy the details into a report.",
            details=traceback.format_exc(),
        )
