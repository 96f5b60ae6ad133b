"""Listing the shelf. Torch-free: the window calls it in its own process and gets 2,000 rows at once."""

from collections.abc import Iterator

from finetuner.engine.backbones import on_disk, shelf, speeds
from finetuner.engine.backbones.costs import memory_to_train
from finetuner.engine.backbones.licences import NOTES, permission
from finetuner.engine.backbones.names import search, suggestion
from finetuner.engine.backbones.recommended import recommended
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.backbones.sources import SOURCES
from finetuner.engine.backbones.speeds import Speeds
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import BackboneRow, CatalogueListed, Event, Notice
from finetuner.engine.events.machine import Availability, Permission
from finetuner.engine.requests import CatalogueRequest

_BYTES_EACH = 4
_OF_THE_BOX = "good for trying out; for your best model download an ImageNet backbone"


def catalogue(request: CatalogueRequest) -> Iterator[Event]:
    """The backbones that match, the user's own files first. Yields CatalogueListed.

    Raises FinetunerError for an unknown source.
    """
    if request.source not in (None, *SOURCES):
        raise FinetunerError(f"There is no source called {request.source}.", f"Choose from {', '.join(SOURCES)}.")
    entries = [entry for entry in _shelf() if request.source in (None, entry.source)]
    write = Rows().row
    rows = tuple(write(entry) for entry in search(request.search, entries))
    if not rows and request.search:
        yield Notice(sentence=f"No backbone matches {request.search}.", next_step=suggestion(request.search))
    yield CatalogueListed(rows=tuple(row for row in rows if row.available or not request.available))


def _shelf() -> list[Entry]:
    return [*shelf.local_entries(), *shelf.entries()]


class Rows:
    """Writes entries as rows. What is asked of the disk for all of them is asked once, when it is made."""

    def __init__(self) -> None:
        self._speeds = speeds.latest()
        self._cached = on_disk.cached_repositories()
        self._roles = {entry.name: role for role, entry in recommended(self.available).items()}

    def available(self, entry: Entry) -> bool:
        """The weights are on this disk. Nobody looks into the hub's cache for what it has no folder of."""
        return (not entry.hub or entry.hub.partition("@")[0] in self._cached) and entry.weights() is not None

    def row(self, entry: Entry) -> BackboneRow:
        """What the table shows of an entry."""
        size, memory = entry.parameters * _BYTES_EACH / 1e6, memory_to_train(entry)
        available, allows = self.available(entry), _permission(entry)
        availability = _availability(entry, available)
        return BackboneRow(
            name=entry.name,
            source=entry.source,
            family=entry.family,
            architecture=entry.architecture,
            parameters=entry.parameters,
            input_size=entry.input_size,
            gmacs=entry.gmacs,
            top1=entry.top1,
            top1_size=entry.top1_size or entry.input_size,
            milliseconds=_milliseconds(entry, self._speeds),
            measured_on=str(self._speeds.condition) if self._speeds else "",
            memory_mb=memory and round(memory),
            size_mb=round(size, 1),
            available=available,
            availability=availability,
            where=f"download {_written(size)}" if availability == "download" else availability,
            licence=entry.licence,
            permission=allows,
            recommended=self._roles.get(entry.name, ""),
            note=_note(entry, allows),
        )


def _written(size: float) -> str:
    """14 MB, 2.4 GB."""
    return f"{size:.0f} MB" if size < 1000 else f"{size / 1000:.1f} GB"


def _availability(entry: Entry, available: bool) -> Availability:
    if entry.bundled:
        return "in the box"
    if available:
        return "on disk"
    return "download" if entry.published else "random weights only"


def _permission(entry: Entry) -> Permission:
    """What is allowed with the weights; where there are none, nothing needs to be."""
    return permission(entry.licence) if entry.published or entry.licence else "none"


def _milliseconds(entry: Entry, measured: Speeds | None) -> float | None:
    return measured.of(entry.architecture, entry.input_size) if measured else None


def _note(entry: Entry, allows: Permission) -> str:
    limits = _OF_THE_BOX if entry.bundled else ""
    untrainable = "" if entry.trainable else "no linear head: cannot be trained here"
    return "; ".join(note for note in (limits, untrainable, NOTES[allows]) if note)
