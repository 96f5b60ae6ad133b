"""The story of one download: ask, fetch or go on fetching, check, put in place. Closing it ends it at once."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from finetuner.engine import paths
from finetuner.engine.backbones import integrity, pins
from finetuner.engine.backbones.download.order import ordered
from finetuner.engine.backbones.download.origin import Origin, origin_of
from finetuner.engine.backbones.download.pace import Pace
from finetuner.engine.backbones.download.part import Part
from finetuner.engine.backbones.download.published import Published
from finetuner.engine.backbones.download.trouble import RANGE_REFUSED, TroubleError, failed, mismatch
from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Downloaded, Event, Notice, Progress
from finetuner.engine.requests import DownloadRequest

_OFF = ("1", "ON", "YES", "TRUE")
# from where it broke off, and once more from zero
_TRIES = 2


def download(request: DownloadRequest) -> Iterator[Event]:
    """Fetch the weights of a backbone unless they are on this disk. Yields Progress, Notice, Downloaded.

    Raises FinetunerError when they are not published, the network is switched off or does not answer, or the
    file that came is not the one that was published.
    """
    entry = find(request.backbone)
    path = entry.weights()
    if entry.bundled and path is not None:
        integrity.refuse_altered(path)
    elif path is not None and integrity.is_altered(path):
        yield _set_aside(entry, path)
        path = None
    if path is None:
        _refuse(entry)
        path = yield from _fetched(entry, origin_of(entry))
    yield Downloaded(backbone=entry.name, path=str(path))


def _set_aside(entry: Entry, path: Path) -> Notice:
    aside = integrity.set_aside(path)
    sentence = f"The weights of {entry.name} on this disk are not what was published, and were set aside as {aside}."
    return Notice(sentence=sentence, next_step="They are fetched anew.", level="warning")


def _refuse(entry: Entry) -> None:
    if not entry.published:
        raise FinetunerError(f"No pretrained weights of {entry.name} are published.", "Choose another backbone.")
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in _OFF:
        raise FinetunerError("The network is switched off by HF_HUB_OFFLINE.", "Unset that variable to download.")


def _fetched(entry: Entry, origin: Origin) -> Generator[Event, None, Path]:
    """Ask before fetching: an unreachable place says so in a moment, where the client would try for long."""
    try:
        asking = Progress(activity=f"Asking for {entry.name}", done=0)
        answer = yield from ordered(origin.question(), lambda: asking)
        published = origin.published(answer)
        with _alone(published):
            return (yield from _checked(entry, origin, published))
    except TroubleError as trouble:
        raise failed(entry.name, trouble) from trouble


def _checked(entry: Entry, origin: Origin, published: Published) -> Generator[Event, None, Path]:
    """Whatever came is thrown away unless it is the published file. Raises FinetunerError when it is not, twice."""
    part, found = Part(published), ""
    part.tidy()  # a try that was killed could not
    for _ in range(_TRIES):
        if not part.complete:
            yield from _transferred(entry, part, published)
        found = yield from part.digest(f"Checking {entry.name}")
        if found.startswith(published.sha256):
            pins.keep(published.file_id, pins.Pin(sha256=found, size=part.size))
            return origin.place(part, published)
        part.refuse_web_page()
        part.discard()
    raise mismatch(entry.name, published.sha256, found)


def _transferred(entry: Entry, part: Part, published: Published) -> Generator[Event, None, None]:
    """Fetch what is missing. Raises FinetunerError; what has come is kept for the next try."""
    part.require_space()
    pace = Pace(f"Downloading {entry.name}", published.size)

    def progress() -> Progress:
        part.refuse_excess()
        return pace.progress(part.size)

    try:
        yield from ordered(part.question(), progress)
        yield progress()
    except TroubleError as trouble:
        part.refuse_web_page()
        part.tidy()
        if trouble.status != RANGE_REFUSED:
            raise failed(entry.name, trouble, kept=part.size > 0) from trouble


@contextmanager
def _alone(published: Published) -> Iterator[None]:
    """Keep two downloads from writing the same file. Raises TroubleError when another one is at it."""
    locks = paths.cache_dir() / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(locks / f"{published.part.name}.lock", timeout=0, thread_local=False):
            yield
    except Timeout as error:
        raise TroubleError("it is being downloaded already, by another window or command") from error
