"""Places for new runs: each is numbered where its plain name is taken."""

import os
from collections.abc import Iterator
from glob import escape
from itertools import count
from pathlib import Path


def free_place(run: Path, word: str) -> Path:
    """The first folder beside `run`, called after it, `word` and a number, that is not there yet."""
    names = (f"{run.name}-{word}-{number}" for number in count(1))
    return next(place for name in names if not (place := run.with_name(name)).exists())


def reserved(place: Path) -> Path:
    """This folder, or the first one numbered after it that is free; made at once, so that no other process takes it."""
    return next(free for free in _numbered(place) if _made(free))


def free_stem(place: Path) -> Path:
    """This path, or the first one numbered after it, with whose name no folder begins."""
    return next(stem for stem in _numbered(place) if not stem.exists() and not any(_that_begin_with(stem)))


def _numbered(place: Path) -> Iterator[Path]:
    yield place
    yield from (place.with_name(f"{place.name}-{number}") for number in count(2))


def _that_begin_with(stem: Path) -> Iterator[Path]:
    return stem.parent.glob(f"{escape(stem.name)}-*")


def _made(place: Path) -> bool:
    """False where something is already; a folder that cannot be made is told of by who begins the run there."""
    try:
        place.mkdir(parents=True)
    except OSError:
        return not os.path.lexists(place)
    return True
