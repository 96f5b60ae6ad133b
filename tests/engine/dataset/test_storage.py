import errno
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from finetuner.engine.dataset.storage import lasting, passing
from finetuner.engine.errors import FinetunerError

SIDE = 4
RECORD = SIDE * SIDE * 3
Usage = namedtuple("Usage", "total used free")


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system cannot reserve room")
def test_a_refusal_gives_back_the_room_it_got(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As ext4 does it: what was free is taken first, and refused then."""

    def half(descriptor: int, offset: int, size: int) -> None:
        os.ftruncate(descriptor, size // 2)
        raise OSError(errno.ENOSPC, "No space left on device")

    lasting(tmp_path / "squares.bin", 2, SIDE)[1] = 7
    monkeypatch.setattr(os, "posix_fallocate", half)
    with pytest.raises(FinetunerError, match="no room"):
        lasting(tmp_path / "squares.bin", 1000, SIDE)
    assert (tmp_path / "squares.bin").read_bytes() == bytes(RECORD) + b"\x07" * RECORD


def test_a_disk_without_room_is_not_filled_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lasting(tmp_path / "squares.bin", 2, SIDE)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9 - RECORD, RECORD))
    assert len(lasting(tmp_path / "squares.bin", 3, SIDE)) == 3
    with pytest.raises(FinetunerError, match="no room"):
        lasting(tmp_path / "squares.bin", 5, SIDE)
    with pytest.raises(FinetunerError, match="no room"):
        passing(2, SIDE)
    assert (tmp_path / "squares.bin").stat().st_size == 3 * RECORD
