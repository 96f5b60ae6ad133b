"""Safetensors that break the format's rules, or this program's."""

import json
from collections.abc import Iterator
from typing import Any

import safetensors.torch
import torch

from tests.hostile_checkpoints.case import Case, fixed
from tests.hostile_checkpoints.executions import honest, legacy, zipped
from tests.hostile_checkpoints.opcodes import Call, pickled, push

_ONE: dict[str, Any] = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
_HOSTILE = pickled(push(Call("os", "system", ("true",))))


def written(header: str | bytes, body: bytes = bytes(8), length: int | None = None) -> bytes:
    """A file with this header; `length` is what it claims of it."""
    encoded = header.encode() if isinstance(header, str) else header
    return (len(encoded) if length is None else length).to_bytes(8, "little") + encoded + body


def safetensors_cases() -> Iterator[Case]:
    """Each would be refused, or is harmless and fits nothing."""
    one = json.dumps(_ONE)
    made = {
        "empty": b"",
        "one-byte": b"\x01",
        "no-header": bytes(8),
        "header-of-2-to-64": written("{}", length=2**64 - 1),
        "header-beyond-the-end": written("{}", length=1000),
        "header-of-11-mb": written("{" + " " * (11 * 2**20) + "}"),
        "list": written("[]"),
        "number": written("1"),
        "text": written('"tensors"'),
        "nothing": written("{}", b""),
        "duplicate": written(f'{{"a": {one}, "a": {one}}}'),
        "duplicate-within": written('{"a": {"dtype": "F32", "dtype": "I64", "shape": [2], "data_offsets": [0, 8]}}'),
        "duplicate-metadata": written(f'{{"__metadata__": {{"a": "b", "a": "c"}}, "a": {one}}}'),
        "deep": written("[" * 200_000),
        "deep-metadata": written('{"__metadata__": ' + '{"a":' * 50_000 + "1" + "}" * 50_001),
        "not-utf-8": written(b'{"\xff": ' + one.encode() + b"}"),
        "utf-16": written(json.dumps({"a": _ONE}).encode("utf-16")),
        "byte-order-mark": written(b"\xef\xbb\xbf" + json.dumps({"a": _ONE}).encode()),
        "digits": written('{"a": {"dtype": "F32", "shape": [' + "9" * 5000 + '], "data_offsets": [0, 8]}}'),
        "trailing": written(json.dumps({"a": _ONE}), bytes(64)),
        "trailing-pickle": written(json.dumps({"a": _ONE}), bytes(8) + _HOSTILE),
        "hole": written(json.dumps({"a": _ONE, "b": _ONE | {"data_offsets": [16, 24]}}), bytes(24)),
        "cut": written(json.dumps({"a": _ONE}), bytes(4)),
        "too-many": written(json.dumps({f"t{n}": _empty() for n in range(20_001)}), b""),
        "long-name": written(json.dumps({"module." * 100_000 + "w": _ONE})),
        "dots": written(json.dumps({"." * 500_000: _ONE})),
        "control-characters": written(json.dumps({"\x1b[2J\u202e\n\0": _ONE}), b"\0\0\x80\x7f" * 2),
        "a-pickle": _HOSTILE,
        "an-archive": zipped(_HOSTILE),
        "a-legacy-file": legacy(_HOSTILE),
        "an-honest-archive": honest(),
        **{f"offsets-{name}": _with(data_offsets=offsets) for name, offsets in _OFFSETS.items()},
        **{f"shape-{name}": _with(shape=shape) for name, shape in _SHAPES.items()},
        **{f"dtype-{name}": _with(dtype=dtype) for name, dtype in _DTYPES.items()},
        **{f"value-{name}": safetensors.torch.save({"fc.weight": value}) for name, value in _VALUES.items()},
        "overlap": written(json.dumps({"a": _ONE, "b": _ONE})),
        "overlap-by-one": written(json.dumps({"a": _ONE, "b": _ONE | {"data_offsets": [7, 15]}}), bytes(15)),
    }
    for name, content in made.items():
        yield Case("safetensors", name, ".safetensors", fixed(content))
    yield Case("disguise", "safetensors-named-pth", ".pth", fixed(made["duplicate"]))
    yield Case("disguise", "not-finite-named-pth", ".pth", fixed(made["value-nan"]))
    yield Case("disguise", "upper-case", ".SAFETENSORS", fixed(_HOSTILE))


_OFFSETS: dict[str, object] = {
    "negative": [-8, 0], "backwards": [8, 0], "beyond": [0, 80], "huge": [0, 2**63], "one": [8], "three": [0, 4, 8],
    "text": ["0", "8"], "fraction": [0.0, 8.0], "none": None,
}  # fmt: skip
_SHAPES: dict[str, object] = {
    "wrong": [3], "negative": [-2], "overflow": [2**62, 2**62], "zero-times-huge": [0, 2**62], "text": "2",
    "nested": [[2]], "many": [1] * 100_000 + [2], "fraction": [2.0], "none": None,
}  # fmt: skip
_DTYPES: dict[str, object] = {
    "object": "OBJECT",
    "wider": "F64",
    "narrower": "I8",
    "number": 1,
    "none": None,
    "sub-byte": "F4",
}
_VALUES = {
    "nan": torch.tensor([1.0, float("nan")]),
    "infinite": torch.tensor([1.0, float("inf")]),
    "minus-infinite": torch.tensor([1.0, -float("inf")]),
    "half-infinite": torch.tensor([float("inf")], dtype=torch.float16),
    "bfloat-nan": torch.tensor([float("nan")], dtype=torch.bfloat16),
    "float8-nan": torch.tensor([float("nan")]).to(torch.float8_e4m3fn),
    "complex-nan": torch.tensor([complex(0, float("nan"))]),
    "beyond-float32": torch.tensor([1e300], dtype=torch.float64),
}


def _with(**facts: object) -> bytes:
    return written(json.dumps({"a": _ONE | facts}))


def _empty() -> dict[str, object]:
    return {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
