"""Listing the shelf. Torch-free: the window calls it in its own process and gets 2,000 rows at once."""

from collections.abc import Iterator

from finetuner.engine.backbones import shelf
from finetuner.engine.backbones.names import search, suggestion
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.backbones.sources import SOURCES
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import BackboneRow, CatalogueListed, Event, Notice
from finetuner.engine.requests import CatalogueRequest

_FREE = frozenset({"", "apache-2.0", "mit", "bsd-3-clause", "cc-by-4.0"})
_NON_COMMERCIAL = ("-nc-", "noncommercial", "amlr", "seer")
_BYTES_EACH = 4


def catalogue(request: CatalogueRequest) -> Iterator[Event]:
    """The backbones that match, the user's own files first. Yields CatalogueListed.

    Raises FinetunerError for an unknown source.
    """
    entries = [entry for entry in _shelf() if request.source in (None, entry.source)]
    if request.source not in (None, *SOURCES):
        raise FinetunerError(f"There is no source called {request.source}.", f"Choose from {', '.join(SOURCES)}.")
    rows = tuple(row(entry) for entry in search(request.search, entries))
    if not rows and request.search:
        yield Notice(sentence=f"No backbone matches {request.search}.", next_step=suggestion(request.search))
    yield CatalogueListed(rows=tuple(row for row in rows if row.available or not request.available))


def row(entry: Entry) -> BackboneRow:
    """What the table shows of an entry."""
    size = entry.parameters * _BYTES_EACH / 1e6
    available = entry.weights() is not None
    return BackboneRow(
        name=entry.name,
        source=entry.source,
        family=entry.family,
        parameters=entry.parameters,
        input_size=entry.input_size,
        size_mb=round(size, 1),
        available=available,
        where=_where(entry, available, size),
        licence=entry.licence,
        note=_note(entry),
    )


def _shelf() -> list[Entry]:
    return [*shelf.local_entries(), *shelf.entries()]


def _where(entry: Entry, available: bool, size: float) -> str:
    if entry.bundled:
        return "in the box"
    if available:
        return "on disk"
    return f"download {size:.0f} MB" if entry.published else "random weights only"


def _note(entry: Entry) -> str:
    notes = ["good for trying out; for your best model download an ImageNet backbone"] if entry.bundled else []
    if not entry.trainable:
        notes.append("no linear head: cannot be trained here")
    if any(word in entry.licence for word in _NON_COMMERCIAL):
        notes.append("not for commercial use")
    elif entry.licence not in _FREE:
        notes.append("licence of its own: read it before commercial use")
    return "; ".join(notes)
