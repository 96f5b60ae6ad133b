"""Where an export is written before it is verified, and how it comes to its place."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from finetuner.engine.errors import FinetunerError
from finetuner.engine.exporters.exporter import Exporter
from finetuner.engine.files import behind_links, is_special, sync_folder


def refuse_occupied(target: Path, format: Exporter) -> None:
    """Raises FinetunerError when something stands where the export is to go that must not be replaced."""
    if is_special(target):
        raise FinetunerError(f"{target} is a device or a pipe.", "Give the name of a file or of a new folder.")
    if format.folder and target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FinetunerError(f"{target} is there already.", "Choose the name of a new folder.")
    if not format.folder and target.is_dir():
        raise FinetunerError(f"{target} is a folder.", f"Give a file name: {target / 'model.onnx'}")


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A temporary path on the target's own disk, removed whatever happens."""
    place = behind_links(target).absolute()
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{place.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        yield temporary
    finally:
        if temporary.is_dir():
            shutil.rmtree(temporary)
        temporary.unlink(missing_ok=True)


@contextmanager
def told_as_sentence(target: Path) -> Iterator[None]:
    """Raises FinetunerError in place of an OSError: a full disk, a folder that may not be written."""
    try:
        yield
    except OSError as error:
        raise FinetunerError(
            f"{target} cannot be written: {error.strerror or error}.", "Choose another place or free some space."
        ) from error


def publish(temporary: Path, target: Path) -> None:
    """Let what was written appear at its target, or behind it where that is a link, at once and as a whole."""
    place = behind_links(target).absolute()
    if place.is_dir():
        place.rmdir()
    os.replace(temporary, place)
    sync_folder(place.parent)
