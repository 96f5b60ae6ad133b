import os
import sys
from pathlib import Path

import pytest

from finetuner.engine.documents import read_document, read_json


def test_a_document_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": [1]}')
    assert read_json(tmp_path / "a.json") == {"a": [1]}


def test_one_that_is_too_large_is_refused_by_its_size(tmp_path: Path) -> None:
    with open(tmp_path / "a.json", "wb") as file:
        file.truncate(2**40)
    with pytest.raises(ValueError, match=r"a\.json is larger than 1 MB"):
        read_document(tmp_path / "a.json", 2**20)


@pytest.mark.parametrize("text", ["[" * 200_000, "9" * 10_000, "\xff", "", '{"a":' * 50_000])
def test_what_is_no_json_is_a_value_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError):  # noqa: PT011  the words are json's
        read_json(tmp_path / "a.json")


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among its files")
def test_nobody_waits_at_a_pipe_or_reads_a_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    for name in ("pipe", "device"):
        with pytest.raises(OSError, match="no ordinary file"):
            read_document(tmp_path / name)


def test_a_missing_one_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_document(tmp_path / "absent")
