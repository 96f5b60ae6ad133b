"""Archives that are not what torch.save writes, and cuts of one that is."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator

from tests.hostile_checkpoints.case import Case, fixed, lazily
from tests.hostile_checkpoints.executions import honest, legacy, zipped
from tests.hostile_checkpoints.opcodes import pickled

_GOOD = pickled(b"}")
Entries = list[tuple[str, bytes]]


def archives() -> Iterator[Case]:
    """Each breaks one rule of the index."""
    plain = honest()
    made = {
        "two-pickles": _zip([("a/data.pkl", _GOOD), ("a/data.pkl", _GOOD)]),
        "two-pickles-by-case": _zip([("a/data.pkl", _GOOD), ("a/DATA.PKL", _GOOD)]),
        "two-folders": _zip([("a/data.pkl", _GOOD), ("b/data.pkl", _GOOD)]),
        "no-pickle": _zip([("a/version", b"3\n")]),
        "no-entries": _zip([]),
        "leads-out": _zip([("a/data.pkl", _GOOD), ("a/../../canary", b"x")]),
        "leads-to-root": _zip([("/a/data.pkl", _GOOD), ("/etc/passwd", b"x")]),
        "leads-out-of-windows": _zip([("a/data.pkl", _GOOD), ("..\\canary", b"x")]),
        "drive": _zip([("C:/data.pkl", _GOOD), ("D:/x", b"x")]),
        "torchscript": _zip([("a/data.pkl", _GOOD), ("a/constants.pkl", pickled(b")"))]),
        "torchscript-code": _zip([("a/data.pkl", _GOOD), ("a/code/__torch__.py", b"import os")]),
        "exported": _zip([("a/archive_format", b"pt2"), ("a/models/model.json", b"{}")]),
        "numpy-archive": _zip([("layer.npy", b"\x93NUMPY"), ("other.npy", b"\x93NUMPY")]),
        "bzip2": _zip([("a/data.pkl", _GOOD)], zipfile.ZIP_BZIP2),
        "lzma": _zip([("a/data.pkl", _GOOD)], zipfile.ZIP_LZMA),
        "deflated": _zip([("a/data.pkl", _GOOD), ("a/data/0", bytes(2**20))], zipfile.ZIP_DEFLATED),
        "comment": _zip([("a/data.pkl", _GOOD)], comment=b"PK\x05\x06" + bytes(18)),
        "second-index": plain + zipped(_GOOD)[-200:],
        "something-behind": plain + b"something",
        "something-before": b"something" + plain,
        "claims-more": _claimed(plain, 2**31),
        "claims-less": _claimed(plain, 1),
        "endless": _claimed(plain, 2**32 - 1),
        "encrypted": _patched(plain, b"PK\x01\x02", 8, b"\x01\x00"),
        "overlapping": _overlapping(),
        "offset-beyond": _patched(plain, b"PK\x01\x02", 42, b"\xff\xff\xff\x7f"),
        "index-beyond": _patched(plain, b"PK\x05\x06", 16, b"\xff\xff\xff\x7f"),
        "index-count": _patched(plain, b"PK\x05\x06", 8, b"\xff\xff\xff\xff"),
        "local-name-differs": plain.replace(b"data.pkl", b"atad.pkl", 1),
        "byte-order": zipped(_GOOD, byteorder2=b"x").replace(b"little", b"middle"),
        "long-name": _zip([("a/data.pkl", _GOOD), ("a/" + "x" * 60_000, b"")]),
    }  # fmt: skip
    for name, content in made.items():
        yield Case("archive", name, ".pth", fixed(content))
    yield Case("archive", "many-entries", ".pth", lazily(_many_entries))


def cuts() -> Iterator[Case]:
    """An honest file of each format, ended too early or altered in a few bytes."""
    for form, content in {"zip": honest(), "legacy": legacy(_GOOD), "raw": pickled(b"}K\x01K\x02s")}.items():
        for tenth in (0, 1, 3, 5, 7, 9):
            yield Case("truncation", f"{form}-{tenth}0", ".pth", fixed(content[: len(content) * tenth // 10]))
        yield Case("truncation", f"{form}-last-byte", ".bin", fixed(content[:-1]))
        for number in range(4):
            yield Case("truncation", f"{form}-noise-{number}", ".pth", fixed(_altered(content, number)))


def _many_entries() -> bytes:
    return _zip([("a/data.pkl", _GOOD), *((f"a/data/{number}", b"") for number in range(100_001))])


def _zip(entries: Entries, compression: int = zipfile.ZIP_STORED, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        archive.comment = comment
        for name, content in entries:
            _add(archive, name, content)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.NameToInfo.pop(name, None)  # or a name that occurs twice warns
    archive.writestr(name, content)


def _claimed(archive: bytes, size: int) -> bytes:
    """Another size of the largest entry, in its own header and in the index."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        largest = max(entry.file_size for entry in opened.infolist()).to_bytes(4, "little")
    return archive.replace(largest * 2, size.to_bytes(4, "little") * 2)


def _patched(archive: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    start = archive.index(signature) + offset
    return archive[:start] + value + archive[start + len(value) :]


def _overlapping() -> bytes:
    """Two names for the same bytes (Fifield, 2019)."""
    archive = _zip([("a/data.pkl", _GOOD), ("a/data/0", bytes(64)), ("a/data/1", bytes(64))])
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        first, second = (opened.getinfo(f"a/data/{n}").header_offset.to_bytes(4, "little") for n in (0, 1))
    index = archive.index(b"PK\x01\x02")
    return archive[:index] + archive[index:].replace(second, first, 1)


def _altered(content: bytes, seed: int) -> bytes:
    dice = random.Random(seed)
    return _each(bytearray(content), lambda noisy: [noisy.__setitem__(dice.randrange(len(noisy)), dice.randrange(256))])


def _each(noisy: bytearray, alter: Callable[[bytearray], object]) -> bytes:
    for _ in range(max(4, len(noisy) // 100)):
        alter(noisy)
    return bytes(noisy)
