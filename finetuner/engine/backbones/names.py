"""Finding a backbone by name or by words; a wrong name answers with the closest right ones. Torch-free."""

from collections.abc import Iterable
from difflib import get_close_matches

from finetuner.engine.backbones import shelf
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.errors import FinetunerError


def find(name: str) -> Entry:
    """The entry called `name`: with its tag, a bare architecture, or a file of the weights folder.

    Raises FinetunerError that names the closest right ones.
    """
    known = shelf.by_name() | {entry.name: entry for entry in shelf.local_entries()}
    wanted = name.strip().removeprefix("timm/")
    if wanted not in known:
        raise FinetunerError(f"There is no backbone called {name}.", suggestion(wanted))
    return known[wanted]


def search(text: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries in whose name, family, source or licence every word of `text` occurs."""
    words = text.lower().split()
    return [entry for entry in entries if all(word in _searchable(entry) for word in words)]


def _searchable(entry: Entry) -> str:
    return f"{entry.name} {entry.family} {entry.source} {entry.licence}".lower()


def suggestion(name: str) -> str:
    """The names closest to a wrong one, and how to list all."""
    bare = [candidate for candidate in shelf.by_name() if "." not in candidate]
    close = get_close_matches(name.lower(), bare, n=4, cutoff=0.5)
    meant = f"Did you mean {', '.join(close)}? " if close else ""
    return f"{meant}List them with: finetuner backbones --search TEXT"
