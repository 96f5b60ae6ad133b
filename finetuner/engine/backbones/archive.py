"""What a pickled weight file is from outside: its first bytes, and the index of its zip archive. Nothing is unpacked.

The index is held against what `torch.save` writes: stored entries under one folder, one behind the other, no larger
than the file. Everything else is refused, so that torch's reader and this one cannot see two different archives.
"""

import struct
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipInfo

from finetuner.engine.backbones.refusals import RefusedError

MOST_ENTRIES = 100_000
_HEAD = 512
_ZIP, _END = b"PK", b"PK\x05\x06"
_LOCAL_HEADER = 30
# signature, this disk, the index's disk, entries here, entries, the index's length and place, the comment's length
_END_RECORD = struct.Struct("<4s4H2LH")
_ELSEWHERE, _MANY = 0xFFFFFFFF, 0xFFFF  # an archive of 4 GB and more says these in another record
_ENCRYPTED = 0x1
_EXPORTED = ("archive_format", "serialized_exported_program.json")


def check_archive(path: Path) -> None:
    """Refuse, from its first bytes and the zip index alone, what expands, disguises itself or holds a program."""
    with open(path, "rb") as file:
        head = file.read(_HEAD)
    _refuse_others(head)
    if head.startswith(_ZIP):
        _check_index(path, _entries(path))
    elif zipfile.is_zipfile(path):
        raise RefusedError("odd-archive", "something stands before it")
    elif _is_tar(path):
        raise RefusedError("tar")


def _refuse_others(head: bytes) -> None:
    """Files that people mistake for weights, told by what they are."""
    if not head:
        raise RefusedError("empty")
    if head.lstrip()[:1] == b"<":
        raise RefusedError("web-page")
    if head.startswith(b"version https://git-lfs"):
        raise RefusedError("pointer")
    if not head.strip(b"\0"):
        raise RefusedError("zeros")


def _is_tar(path: Path) -> bool:
    try:
        tarfile.open(path, "r:").close()
    except tarfile.TarError:
        return False
    return True


def _entries(path: Path) -> list[ZipInfo]:
    """The index. Raises RefusedError when it cannot be read, or could be read in two ways."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries, start = archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise RefusedError("damaged", error) from error
    with open(path, "rb") as file:
        file.seek(-_END_RECORD.size, 2)
        signature, *_, count, _, place, comment = _END_RECORD.unpack(file.read())
    if signature != _END or comment:
        raise RefusedError("odd-archive", "something stands behind it")
    if place not in (start, _ELSEWHERE) or count not in (len(entries), _MANY):
        raise RefusedError("odd-archive", "its index says where it is not")
    return entries


def _check_index(path: Path, entries: Sequence[ZipInfo]) -> None:
    _refuse_programs(entries)
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise RefusedError("compressed")
    size = path.stat().st_size
    if sum(entry.file_size for entry in entries) > size or any(e.file_size != e.compress_size for e in entries):
        raise RefusedError("claims")
    for reason in _oddities(entries):
        raise RefusedError("odd-archive", reason)


def _refuse_programs(entries: Sequence[ZipInfo]) -> None:
    inner = {entry.filename.partition("/")[2] for entry in entries}
    if "constants.pkl" in inner or any(name.startswith("code/") for name in inner):
        raise RefusedError("torchscript")
    if inner & set(_EXPORTED):
        raise RefusedError("exported")


def _oddities(entries: Sequence[ZipInfo]) -> list[str]:
    """What torch.save never writes."""
    names = [entry.filename.lower() for entry in entries]
    found = {
        "too many entries": len(entries) > MOST_ENTRIES,
        "an encrypted entry": any(entry.flag_bits & _ENCRYPTED for entry in entries),
        "a name twice": len(set(names)) != len(names),
        "a name that leads out of it": any(".." in name.split("/") or name.startswith("/") for name in names),
        "several folders": len({name.partition("/")[0] for name in names}) != 1,
        "no data.pkl": sum(name.endswith("/data.pkl") and name.count("/") == 1 for name in names) != 1,
        "entries that overlap": _overlap(entries),
    }
    return [reason for reason, holds in found.items() if holds]


def _overlap(entries: Sequence[ZipInfo]) -> bool:
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [entry.header_offset + _LOCAL_HEADER + len(entry.filename) + entry.compress_size for entry in ordered]
    return any(end > following.header_offset for end, following in zip(ends, ordered[1:], strict=False))
