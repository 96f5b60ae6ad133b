"""Pickled weight files (.pth, .pt, .bin, .ckpt): opened only in a limited child process, converted once.

`torch.load(weights_only=True)` runs no code by design, but it bounds neither memory nor time, and has had holes.
So a child with limits opens the file and writes safetensors into the cache, under the hash of the content.
"""

import os
import uuid
from pathlib import Path
from typing import Any

from finetuner.engine import interpreter, paths
from finetuner.engine.backbones.limited_child import ended, last_word
from finetuner.engine.backbones.refusals import REFUSALS, RefusedError
from finetuner.engine.files import sha256_of, sync_folder


def as_safetensors(path: Path) -> Path:
    """The converted copy of a pickled state dict. Raises RefusedError with the reason."""
    target = paths.cache_dir() / "converted" / f"{sha256_of(path)}.safetensors"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        _convert(path.absolute(), target)
    return target


def _convert(path: Path, target: Path) -> None:
    """Let the child write beside the target, and put the copy there when it is whole."""
    copy = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        _open_in_child(path, copy)
        _adopt(copy, target)
    finally:
        copy.unlink(missing_ok=True)


def _open_in_child(path: Path, copy: Path) -> None:
    child = ended(command(path, copy), path.stat().st_size, copy.parent)
    if child is None:
        raise RefusedError("limits")
    if child.returncode != 0 or not copy.is_file():
        raise _reason(last_word(child.stdout))


def command(path: Path, copy: Path) -> list[str]:
    """How the child is started; `path` and `copy` are absolute."""
    return interpreter.command("finetuner.engine.backbones.unpickle", str(path), str(copy), str(os.getpid()))


def _adopt(copy: Path, target: Path) -> None:
    with open(copy, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(copy, target)
    sync_folder(target.parent)


def _reason(said: dict[str, Any]) -> RefusedError:
    """What the child said; a child that said nothing was ended by a limit."""
    try:
        return RefusedError(said["kind"] if said["kind"] in REFUSALS else "limits", said["detail"])
    except (LookupError, TypeError):
        return RefusedError("limits")
