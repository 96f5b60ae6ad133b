"""What a run said when it first began; a resumed one brings weights of its own, and would not know."""

from collections.abc import Iterable

from finetuner.engine.events import Event, Notice, RunStarted


def weights_told(events: Iterable[Event]) -> str:
    """Which weights the run began with: the first notice after its start. Nothing where the log does not tell."""
    begun = False
    for event in events:
        begun = begun or isinstance(event, RunStarted)
        if begun and isinstance(event, Notice):
            return event.sentence
    return ""
