"""events.jsonl: every event of a run, append-only, one JSON document per line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from finetuner.engine.events import EpochEnded, Event, Watched, parse_event
from finetuner.engine.files import write_bytes

_LONGEST_LINE = 16 * 2**20
_MOST_DIGITS = 15


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
        line = json.dumps({"at_step": step, "at_seconds": round(seconds, 3), **event.model_dump()})
        with open(self.path, "ab", buffering=0) as file:
            end = file.tell()
            try:
                _write_all(file, line.encode("ascii") + b"\n")
            except OSError:
                file.truncate(end)  # half a line would swallow the next one
                raise

    def entries(self, offset: int = 0) -> Iterator[Entry]:
        """The events from a byte offset on."""
        return (entry for line in self._lines(offset) if (entry := _entry(line)) is not None)

    def follow(self, offset: int = 0) -> tuple[list[Event], int]:
        """The complete events beyond `offset`, and the offset to ask from next time."""
        lines = list(self._lines(offset))
        events = [entry.event for line in lines if (entry := _entry(line)) is not None]
        return events, offset + sum(len(line) for line in lines)

    def cut(self, step: int, epochs: int) -> None:
        """Forget what happened beyond `step` and beyond `epochs` whole epochs, and a torn last line; before a resume.

        An epoch ends without a step of its own, hence both.
        """
        if self.path.exists():
            entries = ((line, _entry(line)) for line in self._lines(0))
            kept = [line for line, entry in entries if entry is not None and _within(entry, step, epochs)]
            write_bytes(self.path, b"".join(kept))

    def _lines(self, offset: int) -> Iterator[bytes]:
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(offset)
            while line := file.readline(_LONGEST_LINE):
                if not line.endswith(b"\n") and len(line) < _LONGEST_LINE:
                    return
                yield line


def _write_all(file: IO[bytes], content: bytes) -> None:
    """A disk that fills up may take a part and refuse the rest."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def _within(entry: Entry, step: int, epochs: int) -> bool:
    return entry.step <= step and not (isinstance(entry.event, EpochEnded | Watched) and entry.event.epoch > epochs)


def _entry(line: bytes) -> Entry | None:
    """None for a line that is no event of this version: a newer program's, or damage."""
    try:
        document = json.loads(line, parse_int=_sensible)
        return Entry(int(document["at_step"]), float(document["at_seconds"]), parse_event(line))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _sensible(digits: str) -> int:
    """No event counts higher; what shows one could not."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"{digits[:_MOST_DIGITS]}… is no count")
    return int(digits)
