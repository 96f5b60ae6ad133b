"""A safetensors file, read with suspicion: limits on the header, no duplicate names, every number finite."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from finetuner.engine.backbones.refusals import RefusedError, told

LARGEST_HEADER = 10 * 2**20
LARGEST_FILE = 64 * 2**30
MOST_TENSORS = 20_000
_LARGEST_NUMBER = torch.finfo(torch.float32).max
_DISGUISES = {b"PK\x03\x04": "a zip archive, as torch.save writes it", b"\x80\x02": "a pickle"}


def read(path: Path, named: Path | None = None) -> dict[str, Tensor]:
    """All tensors of the file. `named`: the file the user knows it by.

    Raises FinetunerError when it is damaged, oversized or holds NaN or infinity.
    """
    try:
        header = read_header(path)
        if len(header) > MOST_TENSORS:
            raise RefusedError("too-many", len(header))
        tensors = _loaded(path)
        refuse_non_finite(tensors)
    except RefusedError as refusal:
        raise told(named or path, refusal) from refusal
    return tensors


def read_header(path: Path) -> dict[str, Any]:
    """Name -> dtype, shape, offsets; the free metadata left out. Raises RefusedError."""
    try:
        document = json.loads(_header_bytes(path), object_pairs_hook=_no_duplicates)
        if not isinstance(document, dict):
            raise ValueError("its header is no table")
    except RecursionError as error:
        raise RefusedError("no-safetensors", "its header is nested too deeply") from error
    except (OSError, ValueError) as error:
        raise RefusedError("no-safetensors", error) from error
    return {name: value for name, value in document.items() if name != "__metadata__"}


def is_safetensors(path: Path) -> bool:
    """Whether the file begins as safetensors do: the length of a header that fits, and its first brace."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return 0 < length < os.fstat(file.fileno()).st_size and file.read(1) == b"{"


def refuse_non_finite(tensors: Mapping[str, Tensor]) -> None:
    """Raise RefusedError when a number is NaN, infinite, or would be infinite as float32."""
    for name, tensor in tensors.items():
        if not _is_finite(tensor):
            raise RefusedError("not-finite", name)


def _is_finite(tensor: Tensor) -> bool:
    """By the extremes, which need no memory as large as the tensor; they carry NaN on."""
    if tensor.numel() == 0 or not (tensor.is_floating_point() or tensor.is_complex()):
        return True
    numbers = torch.view_as_real(tensor) if tensor.is_complex() else tensor
    low, high = torch.aminmax(numbers.float() if numbers.element_size() == 1 else numbers)
    return float(low) >= -_LARGEST_NUMBER and float(high) <= _LARGEST_NUMBER


def _loaded(path: Path) -> dict[str, Tensor]:
    try:
        tensors: dict[str, Tensor] = safetensors.torch.load_file(path)
    except (SafetensorError, OSError, ValueError, KeyError, RuntimeError) as error:
        raise RefusedError("damaged", error) from error
    return tensors


def _header_bytes(path: Path) -> bytes:
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > LARGEST_FILE:
            raise RefusedError("too-large", f"{LARGEST_FILE >> 30} GB")
        start = file.read(8)
        length = int.from_bytes(start, "little")
        _refuse_disguise(start + file.read(1))
        file.seek(8)
        if length > min(LARGEST_HEADER, size - 8):
            raise ValueError(f"its header claims {length} bytes")
        return file.read(length)


def _refuse_disguise(start: bytes) -> None:
    """Another format's first bytes; a header of 640 bytes gives its length as a pickle begins, but a brace follows."""
    if start.endswith(b"{"):
        return
    for signature, nature in _DISGUISES.items():
        if start.startswith(signature):
            raise RefusedError("disguised", nature)


def _no_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found
