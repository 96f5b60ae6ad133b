"""Pickled weight files (.pth, .pt, .bin, .ckpt): opened only in a limited child process, converted once.

`torch.load(weights_only=True)` runs no code by design, but it bounds neither memory nor time, and has had holes.
So a child with limits opens the file and writes safetensors into the cache, under the hash of the content.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from finetuner.engine import paths
from finetuner.engine.errors import FinetunerError

_SECONDS = 300


def as_safetensors(path: Path) -> Path:
    """The converted copy of a pickled state dict. Raises FinetunerError with the reason of a refusal."""
    target = paths.cache_dir() / "converted" / f"{_digest(path)}.safetensors"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        _convert(path, target)
    return target


def _convert(path: Path, target: Path) -> None:
    command = [sys.executable, "-m", "finetuner.engine.backbones.unpickle", str(path), str(target)]
    try:
        child = subprocess.run(command, capture_output=True, timeout=_SECONDS, env=_environment(), check=False)
    except subprocess.TimeoutExpired as error:
        raise _refused(path, "took too long to open") from error
    if child.returncode != 0 or not target.is_file():
        raise _refused(path, _reason(child.stdout))


def _reason(output: bytes) -> str:
    """What the child said; nothing when it was ended by a limit."""
    try:
        return str(json.loads(output)["reason"])
    except (ValueError, KeyError, TypeError):
        return "needed more memory or time than a state dict does, and was not opened"


def _refused(path: Path, reason: str) -> FinetunerError:
    return FinetunerError(
        f"{path.name} {reason}.", "Ask its author for a safetensors file, or save the state dict alone as one."
    )


def _environment() -> dict[str, str]:
    package = str(Path(__file__).resolve().parents[3])
    search = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH", "")) if part)
    return os.environ | {"TORCH_FORCE_WEIGHTS_ONLY_LOAD": "1", "CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": search}


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
