"""The limited child: `python -m finetuner.engine.backbones.unpickle FILE COPY PARENT` makes a state dict safetensors.

It gives up memory, time and the right to do anything but read before it looks at the file, and says in one line of JSON
why it refuses.
"""

import io
import json
import os
import pickle
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor

from finetuner.engine.backbones.archive import check_archive
from finetuner.engine.backbones.bystanders import STAND_INS
from finetuner.engine.backbones.confinement import die_with_parent, limit_resources, shut_the_door
from finetuner.engine.backbones.refusals import RefusedError
from finetuner.engine.backbones.safetensors_file import MOST_TENSORS

# the averaged weights first: they are the better ones
_WRAPPERS = (
    "state_dict_ema", "model_ema", "ema_state_dict", "params_ema", "ema", "teacher",
    "state_dict", "model_state_dict", "model_state", "model", "network", "net", "params", "weights", "module",
    "backbone", "encoder", "student",
)  # fmt: skip
_DEEPEST = 4
_GROWTH = 64 * 2**20
# what torch's reader raises when a file is not what it promises
_DAMAGE = (RuntimeError, EOFError, ValueError, LookupError, TypeError, AttributeError, AssertionError)


def main() -> int:
    """Convert; print the refusal as JSON and return 1 where that must not be."""
    source, copy, parent = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    rehearse()
    die_with_parent(parent)
    try:
        limit_resources(source.stat().st_size)
        shut_the_door()
        convert(source, copy)
    except RefusedError as refusal:
        print(json.dumps({"kind": refusal.kind, "detail": refusal.detail}), flush=True)
        return 1
    return 0


def convert(source: Path, copy: Path) -> None:
    """Write the weights in `source` to the new file `copy`. Raises RefusedError."""
    try:
        check_archive(source)
        state = tensors_of(load(source), source.stat().st_size)
        safetensors.torch.save_file(state, copy)
    except MemoryError as error:
        raise RefusedError("limits") from error
    except (OSError, safetensors.SafetensorError) as error:
        raise RefusedError("disk", error) from error
    except _DAMAGE as error:
        raise RefusedError("damaged", type(error).__name__) from error


def load(path: Path) -> Any:
    """Unpickle weights only. Raises RefusedError."""
    try:
        with torch.serialization.safe_globals(STAND_INS), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise why(str(error)) from error
    except _DAMAGE as error:
        raise RefusedError("limits" if _out_of_memory(error) else "damaged", type(error).__name__) from error


def _out_of_memory(error: Exception) -> bool:
    return "allocate memory" in str(error) or "not enough memory" in str(error)


def why(message: str) -> RefusedError:
    """What torch's unpickler meant when it stopped: a program, a whole model, or another kind of pickle."""
    named = re.search(r"GLOBAL (\S+)", message)
    if named is None:
        return RefusedError("odd-pickle", message.rstrip().rpartition("\n\n")[0].rpartition("\n")[2])
    module, _, name = named[1].rpartition(".")
    # a class that is not of Python's own library is a network's or a part of one
    program = not module or module.split(".")[0] in sys.stdlib_module_names or not name[:1].isupper()
    return RefusedError("code" if program else "whole-model", f"it asks for {named[1]}")


def tensors_of(document: Any, size: int) -> dict[str, Tensor]:
    """The state dict in a checkpoint of `size` bytes, taken out of the usual wrappers. Raises RefusedError."""
    values = _items(_unwrapped(document))
    # as the class does it: a file may give a tensor attributes, also one called detach
    found = {name: Tensor.detach(value) for name, value in values if isinstance(value, Tensor)}
    if not found:
        raise RefusedError("no-weights")
    if len(found) > MOST_TENSORS:
        raise RefusedError("too-many", len(found))
    for name, tensor in found.items():
        _refuse_odd(name, tensor)
    grown = sum(tensor.numel() * tensor.element_size() for tensor in found.values())
    if grown > 2 * size + _GROWTH:
        raise RefusedError("growth", f"{grown / 2**20:.0f} MB")
    return dict(_apart(found))


def _unwrapped(document: Any) -> Any:
    """What the usual wrappers hold, a few layers deep."""
    for _ in range(_DEEPEST):
        inner = (value for key in _WRAPPERS for name, value in _items(document) if name == key)
        within = next((value for value in inner if isinstance(value, dict) and value), None)
        if within is None:
            return document
        document = within
    return document


def _items(document: Any) -> Iterator[tuple[str, Any]]:
    """Named values. Asked of the class, since a file may give its tables attributes of any name."""
    if isinstance(document, dict):
        yield from ((name, value) for name, value in dict.items(document) if isinstance(name, str))


def _refuse_odd(name: str, tensor: Tensor) -> None:
    plain = tensor.layout == torch.strided and tensor.device.type == "cpu" and not tensor.is_quantized
    if not plain or tensor.is_nested or tensor.dtype not in _KNOWN:
        kind = "quantised" if tensor.is_quantized else f"{tensor.layout}, {tensor.device.type}, {tensor.dtype}"
        raise RefusedError("no-plain-tensor", f"{name}: {kind.replace('torch.', '')}")


def _apart(tensors: dict[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    """Each tensor dense and in memory of its own, as safetensors wants it."""
    taken: set[int] = set()
    for name, tensor in tensors.items():
        plain = tensor.contiguous()
        place = plain.untyped_storage().data_ptr()
        yield name, plain.clone() if place in taken else plain
        taken.add(place)


_KNOWN = frozenset({
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.complex64, torch.bool, torch.uint8, torch.int8,
    torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32, torch.uint64, torch.float8_e4m3fn,
    torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz,
})  # fmt: skip


def rehearse() -> None:
    """Do once with harmless content what will be done with the file, so that nothing needs to be imported later."""
    tensors = {"a": torch.ones(2), "b": torch.ones(2, dtype=torch.bfloat16)}
    for modern in (True, False):
        kept = io.BytesIO()
        torch.save({"state_dict": tensors, "text": b"\xff"}, kept, _use_new_zipfile_serialization=modern)
        kept.seek(0)
        torch.load(kept, weights_only=True)
    try:
        torch.load(io.BytesIO(pickle.dumps(rehearse, 2)), weights_only=True)
    except pickle.UnpicklingError as error:
        why(str(error))
    safetensors.torch.save(tensors)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # behind a door that is shut, what libraries do at the end would fail
