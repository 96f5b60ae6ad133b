"""A safetensors file, read with suspicion: limits on the header, no duplicate names, every number finite."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from finetuner.engine.errors import FinetunerError

LARGEST_HEADER = 10 * 2**20
MOST_TENSORS = 20_000
_NEXT = "Get the file again from where it was published."


def read(path: Path) -> dict[str, Tensor]:
    """All tensors of the file. Raises FinetunerError when it is damaged, oversized or holds NaN or infinity."""
    header = read_header(path)
    if len(header) > MOST_TENSORS:
        raise FinetunerError(f"{path.name} claims {len(header)} tensors; at most {MOST_TENSORS} are read.", _NEXT)
    try:
        tensors: dict[str, Tensor] = safetensors.torch.load_file(path)
    except (SafetensorError, OSError, ValueError, KeyError, RuntimeError) as error:
        raise FinetunerError(f"{path.name} is damaged: {error}.", _NEXT) from error
    refuse_non_finite(path, tensors)
    return tensors


def read_header(path: Path) -> dict[str, Any]:
    """Name -> dtype, shape, offsets; the free metadata left out. Raises FinetunerError."""
    try:
        document = json.loads(_header_bytes(path), object_pairs_hook=_no_duplicates)
    except (OSError, ValueError, RecursionError) as error:
        raise FinetunerError(f"{path.name} is no safetensors file: {error}.", _NEXT) from error
    if not isinstance(document, dict):
        raise FinetunerError(f"{path.name} is no safetensors file: its header is no table.", _NEXT)
    return {name: value for name, value in document.items() if name != "__metadata__"}


def refuse_non_finite(path: Path, tensors: dict[str, Tensor]) -> None:
    """Raise FinetunerError when a weight is NaN or infinite."""
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise FinetunerError(f"{path.name} holds numbers that are not finite, in {name}.", _NEXT)


def _header_bytes(path: Path) -> bytes:
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(LARGEST_HEADER, os.fstat(file.fileno()).st_size - 8):
            raise ValueError(f"its header claims {length} bytes")
        return file.read(length)


def _no_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found
