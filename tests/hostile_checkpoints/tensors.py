"""State dicts whose tensors are no plain arrays, and files that are something else altogether."""

import io
import os
import pickle
import socket
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tests.hostile_checkpoints.case import Case, Make, fixed
from tests.hostile_checkpoints.executions import zipped
from tests.hostile_checkpoints.opcodes import Call, pickled, push, table


def saved(document: Any, **options: Any) -> bytes:
    """What torch.save writes."""
    buffer = io.BytesIO()
    torch.save(document, buffer, **options)
    return buffer.getvalue()


def tensors() -> Iterator[Case]:
    """By what is odd about the weight."""
    odd: dict[str, Callable[[], Any]] = {
        "sparse": lambda: torch.eye(4).to_sparse(),
        "sparse-csr": lambda: torch.eye(4).to_sparse_csr(),
        "quantised": lambda: torch.quantize_per_tensor(torch.ones(4), 0.1, 0, torch.quint8),
        "quantised-by-channel": lambda: torch.quantize_per_channel(
            torch.ones(2, 2), torch.ones(2), torch.zeros(2), 0, torch.qint8
        ),
        "meta": lambda: torch.empty(4, device="meta"),
        "complex-double": lambda: torch.ones(4, dtype=torch.complex128),
        "float8-exponent": lambda: torch.ones(4).to(torch.float8_e8m0fnu),
        "nested": lambda: torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
        "nan": lambda: torch.tensor([float("nan")]),
        "infinite": lambda: torch.tensor([float("inf")]),
        "beyond-float32": lambda: torch.tensor([1e300], dtype=torch.float64),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = {name: saved({"layer.weight": make()}) for name, make in odd.items()}
    for name, content in made.items():
        yield Case("tensor", name, ".pth", fixed(content))
    for name, opcodes in _rebuilt().items():
        content = zipped(pickled(table("layer.weight", opcodes)), **{"data/0": bytes(64)})
        yield Case("tensor", name, ".pth", fixed(content))


def _rebuilt() -> dict[str, bytes]:
    storage = b"(" + push("storage") + b"ctorch\nFloatStorage\n" + push("0") + push("cpu") + b"K\x10tQ"
    hooks = b"ccollections\nOrderedDict\n)R"

    def strided(offset: int, shape: object, stride: object) -> bytes:
        return (
            b"ctorch._utils\n_rebuild_tensor_v2\n("
            + storage
            + push((offset, shape, stride, False))[1:-1]
            + hooks
            + b"tR"
        )

    plain = strided(0, (4,), (1,))
    shadow = table("detach", b"cbuiltins\nbytearray\n") + push("contiguous") + b"ctorch\nTensor\ns"
    return {
        "negative-stride": strided(0, (4,), (-1,)),
        "negative-offset": strided(-8, (4,), (1,)),
        "negative-shape": strided(0, (-4,), (1,)),
        "offset-beyond": strided(2**40, (4,), (1,)),
        "stride-beyond": strided(0, (4,), (2**40,)),
        "overflowing-shape": strided(0, (2**62, 2**62), (1, 1)),
        "rank-100": strided(0, (1,) * 100, (1,) * 100),
        "shape-of-text": strided(0, ("4",), (1,)),
        "methods-of-its-own": b"ctorch._utils\n_rebuild_parameter_with_state\n("
        + plain + b"\x89" + hooks + shadow + b"tR",
        "another-device": b"ctorch._utils\n_rebuild_device_tensor_from_cpu_tensor\n(" + plain + b"ctorch\nfloat32\n"
        + push("cuda:0") + b"\x89tR",
        "no-storage": push(Call("torch", "Tensor", ())),
        "storage-of-another-type": plain.replace(b"FloatStorage", b"QInt8Storage"),
        "set-by-build": b"ctorch\nTensor\n)\x81" + b"(" + storage + push((0, (2**40,), (1,)))[1:-1] + b"tb",
    }  # fmt: skip


def disguises() -> Iterator[Case]:
    """What is no weight file at all."""
    array = io.BytesIO()
    np.save(array, np.array([{}], dtype=object), allow_pickle=True)
    other = {
        "html": b"<!DOCTYPE html><html>log in</html>",
        "text": b"hello world\n" * 100,
        "lfs-pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n",
        "numpy-objects": array.getvalue(),
        "hdf5": b"\x89HDF\r\n\x1a\n" + bytes(512),
        "onnx": b"\x08\x07\x12\x07pytorch" + bytes(64),
        "gzip": b"\x1f\x8b\x08\x00" + bytes(64),
        "zeros": bytes(4096),
        "whole-model": saved(torch.nn.Sequential(torch.nn.Linear(2, 2))),
        "whole-model-legacy": saved(torch.nn.Linear(2, 2), _use_new_zipfile_serialization=False),
        "whole-model-pickled": pickle.dumps(torch.nn.Linear(2, 2)),
        "no-tensors": saved({"epoch": 3, "name": "x"}),
        "a-list": saved([torch.ones(2)]),
        "a-tensor": saved(torch.ones(2)),
        "numbers-as-names": saved({1: torch.ones(2), (2, 3): torch.ones(2)}),
        "protocol-4": saved({"a": torch.ones(2)}, pickle_protocol=4),
        "torchscript": _scripted(),
    }
    for name, content in other.items():
        yield Case("disguise", name, ".pth", fixed(content))


def _scripted() -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 2), torch.ones(1, 2)), buffer)
    return buffer.getvalue()


def places() -> Iterator[Case]:
    """Names behind which no ordinary file lies."""
    made: dict[str, Make] = {
        "folder": lambda path, _: path.mkdir(),
        "pipe": lambda path, _: os.mkfifo(path),
        "socket": lambda path, _: _socket(path),
        "endless-device": lambda path, _: path.symlink_to("/dev/zero"),
        "silent-device": lambda path, _: path.symlink_to("/dev/tty"),
        "broken-link": lambda path, _: path.symlink_to("nowhere"),
        "link-to-itself": lambda path, _: path.symlink_to(path),
        "nothing": lambda path, _: None,
        "sparse-terabyte": lambda path, _: _sparse(path),
    }
    for name, make in made.items():
        yield Case("place", name, ".pth", make)
        yield Case("place", f"{name}-safetensors", ".safetensors", make)


def _socket(path: Path) -> None:
    """A socket lies under a short name, which the system demands."""
    here = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(here)


def _sparse(path: Path) -> None:
    with open(path, "wb") as file:
        file.truncate(2**40)
