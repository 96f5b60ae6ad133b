import errno
import os
import sys
from pathlib import Path

import pytest

from finetuner.engine.files import sha256_of, write_bytes, write_output, write_text


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_is_made_with_its_folders(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a" / "b" / "file", b"new")
    assert contents(tmp_path / "a" / "b") == {"file": b"new"}


def test_a_file_is_replaced(tmp_path: Path) -> None:
    write_bytes(tmp_path / "file", b"old, and longer")
    write_bytes(tmp_path / "file", b"new")
    assert contents(tmp_path) == {"file": b"new"}


@pytest.mark.parametrize("refused", ["fsync", "replace"])
def test_when_the_disk_refuses_the_old_file_stays_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    write_bytes(tmp_path / "file", b"old")
    monkeypatch.setattr(os, refused, refuse)
    with pytest.raises(OSError, match="No space"):
        write_bytes(tmp_path / "file", b"new")
    assert contents(tmp_path) == {"file": b"old"}


def test_the_sum_of_a_content_is_the_published_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    assert sha256_of(tmp_path / "file") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_names_that_are_no_utf8_survive_in_text(tmp_path: Path) -> None:
    write_text(tmp_path / "file", os.fsdecode(b"caf\xe9 \xc3\xa9"))
    assert (tmp_path / "file").read_bytes() == b"caf\xe9 \xc3\xa9"


def test_a_result_goes_behind_a_link_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("there", "not-yet"):
        (tmp_path / name).symlink_to(Path("data") / name)
    (tmp_path / "data" / "there").write_bytes(b"old")
    for name in ("there", "not-yet"):
        write_output(tmp_path / name, b"new")
        assert (tmp_path / name).is_symlink()
    assert contents(tmp_path / "data") == {"there": b"new", "not-yet": b"new"}


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among its files")
def test_a_result_goes_into_a_pipe_and_the_pipe_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_output(pipe, b"new")
        assert os.read(reader, 99) == b"new"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_the_apps_own_files_follow_no_link(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "file").symlink_to("precious")
    write_bytes(tmp_path / "file", b"new")
    assert contents(tmp_path) == {"precious": b"precious", "file": b"new"}
