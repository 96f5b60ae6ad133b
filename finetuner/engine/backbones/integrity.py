"""Is a file of the caches what was published? Asked at every load, by the full SHA-256. Torch-free.

What a file must be is told, in this order, by the pinned manifests, by its blob's name in the hub's cache (which is
the SHA-256 of the content), and by torchvision's file names (which end in its first digits). A cached file that is
something else is never used: it is set aside, and counts as not there. What ships with the program is pinned as well.
The user's own files promise nothing here.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from finetuner.engine import paths
from finetuner.engine.backbones import on_disk, pins, shelf
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import sha256_of

ASIDE = ".altered"
_CHUNK = 1 << 22
_CACHED = re.compile(r"models--(?P<repository>[^/]+)/snapshots/(?P<commit>[0-9a-f]{40})/(?P<file>.+)")
_BLOB = re.compile(r"[0-9a-f]{64}")
_NAMED = re.compile(r"-([0-9a-f]{8,64})\.")


def refuse_altered(path: Path) -> None:
    """Raise FinetunerError when a published file is not what it must be; one of a cache is set aside as well."""
    expected = promised(path)
    found = sha256_of(path) if expected else ""
    if not found.startswith(expected):
        wrong = f"{path} is not the file that was published: its SHA-256 should be {expected}, and is {found}."
        if _ships(path):
            raise FinetunerError(wrong, "Install Finetuner again.")
        raise FinetunerError(f"{wrong} It was set aside as {set_aside(path).name} and not used.", "Download it again.")


def is_altered(path: Path) -> bool:
    """Whether a cached file is not what it must be."""
    expected = promised(path)
    return bool(expected) and not sha256_of(path).startswith(expected)


def promised(path: Path) -> str:
    """The SHA-256 that a file must have, or its first digits; empty when nobody ever said."""
    file_id = cached_id(path)
    pin = pins.pinned(file_id) if file_id else None
    if pin is not None:
        return pin.sha256
    return (_blob_name(path) or name_promise(path.name)) if file_id else ""


def cached_id(path: Path) -> str:
    """The id of a published file in one of the caches or in the box; empty for any other file."""
    if _ships(path):
        return f"bundled/{path.relative_to(_box()).as_posix()}"
    if path.parent == on_disk.torch_cache():
        return path.name if path.name in _torchvision_files() else ""
    if not path.is_relative_to(on_disk.hub_cache()):
        return ""
    found = _CACHED.fullmatch(path.relative_to(on_disk.hub_cache()).as_posix())
    return f"{found['repository'].replace('--', '/', 1)}@{found['commit']}/{found['file']}" if found else ""


def _ships(path: Path) -> bool:
    return path.is_relative_to(_box())


def _box() -> Path:
    return paths.resources() / "backbones"


def name_promise(filename: str) -> str:
    """The digits in a name like `resnet18-f37072fd.pth`; empty when it has none."""
    digits = _NAMED.search(filename)
    return digits[1] if digits else ""


def set_aside(path: Path) -> Path:
    """Rename a file (where it is a link, the content behind it), so that nothing finds it; return its new place."""
    content = path.resolve()
    aside = content.with_name(content.name + ASIDE)
    os.replace(content, aside)
    return aside


def hashing(path: Path, state: "hashlib._Hash") -> Iterator[int]:
    """Feed a file to a hash, telling after each part how many bytes it was."""
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            state.update(chunk)
            yield len(chunk)


def _blob_name(path: Path) -> str:
    name = Path(os.readlink(path)).name if path.is_symlink() else ""
    return name if _BLOB.fullmatch(name) else ""


@cache
def _torchvision_files() -> frozenset[str]:
    return frozenset(entry.file for entry in shelf.entries() if entry.file and not entry.hub)
