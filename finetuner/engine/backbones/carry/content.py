"""The content of a weight file, apart from how it is written: the hash of its tensors."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from finetuner.engine.backbones.carry.label import read_label
from finetuner.engine.errors import FinetunerError


def content_hash(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 over name, dtype, shape and bytes of each tensor, in the order of their names."""
    state = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        state.update(f"{name}|{tensor.dtype}|{list(tensor.shape)}|".encode())
        state.update(tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return state.hexdigest()


def refuse_altered(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Raise FinetunerError when a carry file does not hold what its label says; any other file promises nothing."""
    label = read_label(path)
    found = content_hash(tensors) if label else ""
    if label is not None and found != label.content:
        raise FinetunerError(
            f"{path.name} was altered or damaged on the way: the SHA-256 of its tensors should be {label.content}, "
            f"and is {found}. It was not used.",
            "Carry it over again.",
        )
