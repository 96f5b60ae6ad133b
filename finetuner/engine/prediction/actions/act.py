"""Every action that is wanted, one after the other; what one cannot do keeps no other from its work."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Literal

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event
from finetuner.engine.prediction.actions import ACTIONS
from finetuner.engine.prediction.actions.action import Action, ActionsPart, Sight


class Acted(Event):
    """An action has been done, or `trouble` says why not. `sound`: a WAV file to be played."""

    kind: Literal["acted"] = "acted"
    action: str
    trouble: str = ""
    sound: Path | None = None


def action(name: str) -> Action:
    """An action of the menu."""
    module, _, attribute = ACTIONS[name].partition(":")
    made: Action = getattr(import_module(module), attribute)()
    return made


def wanted(options: ActionsPart) -> list[str]:
    """The names of the actions whose options are set."""
    return [name for name in ACTIONS if action(name).wanted(options)]


def act(sight: Sight, options: ActionsPart) -> Iterator[Event]:
    """Do what is wanted: one Acted for each."""
    for name in wanted(options):
        try:
            yield Acted(action=name, sound=action(name).act(sight, options).sound)
        except FinetunerError as error:
            yield Acted(action=name, trouble=str(error))
