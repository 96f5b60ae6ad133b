"""events.jsonl: every event of a run, append-only, one JSON document per line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from finetuner.engine.events import Event, parse_event
from finetuner.engine.files import write_bytes


class Entry(NamedTuple):
    """An event with the optimiser step it belongs to and the run's own clock in seconds."""

    step: int
    seconds: float
    event: Event


class EventLog:
    """Appends events; reads them back, ignoring a last line that a crash tore."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, event: Event, step: int, seconds: float) -> None:
        """Add one line. `seconds` is time trained so far: monotonic, and going on over resumes."""
        line = json.dumps({"step": step, "seconds": round(seconds, 3), **event.model_dump(mode="json")})
        with open(self.path, "ab") as file:
            file.write(line.encode("ascii") + b"\n")

    def entries(self, offset: int = 0) -> Iterator[Entry]:
        """The events from a byte offset on."""
        return (entry for line in self._lines(offset) if (entry := _entry(line)) is not None)

    def follow(self, offset: int = 0) -> tuple[list[Event], int]:
        """The complete events beyond `offset`, and the offset to ask from next time."""
        lines = list(self._lines(offset))
        events = [entry.event for line in lines if (entry := _entry(line)) is not None]
        return events, offset + sum(len(line) for line in lines)

    def cut(self, step: int) -> None:
        """Forget what happened beyond `step`, and a torn last line; done before a resume."""
        if self.path.exists():
            kept = [line for line in self._lines(0) if (entry := _entry(line)) is not None and entry.step <= step]
            write_bytes(self.path, b"".join(kept))

    def _lines(self, offset: int) -> Iterator[bytes]:
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(offset)
            yield from (line for line in file if line.endswith(b"\n"))


def _entry(line: bytes) -> Entry | None:
    """None for a line that is no event of this version: a newer program's, or damage."""
    try:
        document = json.loads(line)
        return Entry(document["step"], document["seconds"], parse_event(line))
    except (ValueError, KeyError, TypeError):
        return None
