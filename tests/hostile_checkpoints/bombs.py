"""Small files that would fill memory, the disk or the afternoon."""

import io
import struct
import zipfile
from collections.abc import Iterator

import torch

from tests.hostile_checkpoints.case import Case, fixed, lazily
from tests.hostile_checkpoints.executions import legacy, raw, zipped
from tests.hostile_checkpoints.opcodes import Call, pickled, push, table

_HUGE = 2**42
_META = b"ctorch._utils\n_rebuild_meta_tensor_no_storage\n(ctorch\nfloat32\n" + push((2**40,)) + push((1,)) + b"\x89tR"


def bombs() -> Iterator[Case]:
    """Each in the smallest file that does it."""
    pickles = {
        "bytearray": push(Call("builtins", "bytearray", (_HUGE,))),
        "tensor": push(Call("torch", "Tensor", (_HUGE,))),
        "float-tensor": push(Call("torch", "FloatTensor", (_HUGE,))),
        "untyped-storage": push(Call("torch.storage", "UntypedStorage", (_HUGE,))),
        "typed-storage": push(Call("torch.storage", "TypedStorage", (_HUGE,))),
        "many-bytearrays": b"(" + push(Call("builtins", "bytearray", (2**28,))) * 64 + b"l",
        "expanded": table("layer.weight", _tensor(_storage("0", 16), (2**40,), (0,))),
        "expanded-twice": table("layer.weight", _tensor(_storage("0", 16), (2**20, 2**20), (0, 0))),
        "expanded-a-little": b"}(" + b"".join(push(f"w{n}") + _expanded() for n in range(64)) + b"u",
        "over-read": table("layer.weight", _tensor(_storage("0", 2**30), (2**30,), (1,))),
        "over-read-a-little": table("layer.weight", _tensor(_storage("0", 4096), (4096,), (1,))),
        "meta": table("layer.weight", _META),
        "long-integer": b"\x8b" + struct.pack("<i", 2**31 - 1) + b"\x01",
        "long-text": b"X" + struct.pack("<I", 2**31) + b"x",
        "long-bytes": b"\x8e" + struct.pack("<Q", 2**60) + b"x",
        "nested-lists": b"]" * 100_000 + b"a" * 99_999,
        "nested-tuples": b")" + b"\x85" * 200_000,
        "nested-tables": (b"}" + push("model")) * 5_000 + b"}" + b"s" * 5_000,
        "table-in-itself": b"}q\x00" + push("model") + b"h\x00s",
        "billion-laughs": b"]q\x00" + b"".join(_laugh(n) for n in range(1, 40)),
        "memo-far-away": b"]r\xff\xff\xff\xff.",
        "many-marks": b"(" * 1_000_000,
        "many-names": b"}(" + b"".join(push(f"w{n}") + b"N" for n in range(30_000)) + b"u",
    }  # fmt: skip
    for name, opcodes in pickles.items():
        yield Case("bomb", name, ".pth", fixed(zipped(pickled(opcodes), **{"data/0": bytes(64)})))
    yield Case("bomb", "hash-of-laughs", ".pth", fixed(zipped(pickled(b"}" + _hashed(48) + b"Ns"))))
    yield Case("bomb", "legacy-storage", ".pth", fixed(legacy(pickled(_legacy_tensor(_HUGE)))))
    yield Case("bomb", "legacy-storages", ".pth", fixed(legacy(pickled(b"(" + _legacy_tensor(2**28) * 32 + b"l"))))
    yield Case("bomb", "raw-integers", ".pth", fixed(raw(pickled(b"(" + b"K\x01" * 200_000 + b"l"))))
    yield Case("bomb", "too-many-tensors", ".pth", lazily(_many_tensors))
    yield Case("bomb", "deflated", ".pth", lazily(lambda: deflated(64 * 2**20)))


def deflated(size: int) -> bytes:
    """An honest archive but for its compression: `size` zeros in some kilobytes."""
    buffer = io.BytesIO()
    torch.save({"layer.weight": torch.zeros(size // 4)}, buffer)
    target = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name))
    return target.getvalue()


def _storage(key: str, numel: int) -> bytes:
    return b"(" + push("storage") + b"ctorch\nFloatStorage\n" + push(key) + push("cpu") + push(numel) + b"tQ"


def _tensor(storage: bytes, shape: tuple[int, ...], stride: tuple[int, ...]) -> bytes:
    rest = push(0) + push(shape) + push(stride) + b"\x89" + b"ccollections\nOrderedDict\n)R"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + rest + b"tR"


def _expanded() -> bytes:
    return _tensor(_storage("0", 16), (2**22,), (0,))


def _legacy_tensor(numel: int) -> bytes:
    storage = b"(" + push("storage") + b"ctorch\nFloatStorage\n" + push(str(numel)) + push("cpu") + push(numel) + b"NtQ"
    return _tensor(storage, (numel,), (1,))


def _laugh(number: int) -> bytes:
    before = b"h" + bytes([number - 1])
    return b"](" + before * 10 + b"eq" + bytes([number])


def _hashed(depth: int) -> bytes:
    """A tuple of a tuple twice, and so on: its hash takes 2^depth steps."""
    return b"K\x01q\x00" + b"".join(b"h" + bytes([n]) + b"\x86q" + bytes([n + 1]) for n in range(depth))


def _many_tensors() -> bytes:
    buffer = io.BytesIO()
    one = torch.zeros(1)
    torch.save({f"w{number}": one for number in range(20_001)}, buffer)
    return buffer.getvalue()
