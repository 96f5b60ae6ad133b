import os
from pathlib import Path

import pytest

from finetuner.engine.dataset.manifest import read_manifest
from finetuner.engine.dataset.scan import scan
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ScanEnded
from finetuner.engine.requests import ScanRequest
from tests.hostile import photo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.png", "b.png", "my, bee.png", "sub/c.png"):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        photo(name).save(tmp_path / "data" / name)
    return tmp_path / "data"


def rows(folder: Path, text: str | bytes, name: str = "list.csv") -> list[tuple]:
    content = text if isinstance(text, bytes) else text.encode()
    (folder / name).write_bytes(content)
    found = read_manifest(folder / name)
    return [(os.path.relpath(row.path, folder), row.label, row.split, row.reason) for row in found]


def test_paths_are_relative_to_the_manifest(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir("/")
    assert rows(folder, "path,label\na.png,ant\nsub/c.png,bee\n") == [
        ("a.png", "ant", None, ""),
        ("sub/c.png", "bee", None, ""),
    ]


def test_a_label_is_the_same_however_its_letters_are_kept(folder: Path):
    found = rows(folder, "path,label\na.png,caf\u00e9\nb.png,cafe\u0301\n")
    assert [label for _, label, _, _ in found] == ["caf\u00e9"] * 2


def test_absolute_paths_and_paths_out_of_the_folder_are_a_choice(folder: Path):
    photo("x").save(folder.parent / "x.png")
    assert rows(folder, f"path,label\n{folder}/a.png,ant\n../x.png,bee\n") == [
        ("a.png", "ant", None, ""),
        ("../x.png", "bee", None, ""),
    ]


def test_splits_go_by_many_names(folder: Path):
    text = "path,label,split\na.png,x,train\nb.png,x,Valid\nsub/c.png,x,validation\n" + '"my, bee.png",x,test\n'
    assert [row[2] for row in rows(folder, text)] == ["train", "val", "val", "test"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b'\xef\xbb\xbfpath,label\r\n"my, bee.png","a ""big"" bee"\r\n', "list.csv"),
        (b'path;label\n"my, bee.png";"a ""big"" bee"\n', "list.csv"),
        (b'label\tpath\n"a ""big"" bee"\tmy, bee.png\n', "list.tsv"),
        (b'Filename, Class \n"my, bee.png","a ""big"" bee"\n', "list.txt"),
    ],
)
def test_spreadsheets_of_all_kinds_are_read(folder: Path, text: bytes, name: str):
    assert rows(folder, text, name) == [("my, bee.png", 'a "big" bee', None, "")]


def test_a_nameless_column_of_numbers_is_no_split(folder: Path):
    assert rows(folder, ",path,label\n0,a.png,ant\n1,b.png,bee\n") == [
        ("a.png", "ant", None, ""),
        ("b.png", "bee", None, ""),
    ]


def test_windows_separators_are_understood(folder: Path):
    assert rows(folder, "path,label\nsub\\c.png,bee\n")[0][3] == ""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("gone.png,ant,", "the file is missing"),
        ("sub,ant,", "not a regular file"),
        ("a.png,,", "no label"),
        (",ant,", "no path"),
        ("a.png", "no label"),
        ("a.png,ant,dev", "unknown split dev"),
        ("https://example.org/a.png,ant,", "missing"),
        ("a\0.png,ant,", "no file can have this name"),
    ],
)
def test_a_bad_line_has_its_reason(folder: Path, line: str, reason: str):
    assert reason in rows(folder, f"path,label,split\n{line}\n")[0][3]


def test_a_file_listed_twice_is_used_once(folder: Path):
    reasons = [row[3] for row in rows(folder, "path,label\na.png,ant\n./a.png,ant\nsub/../a.png,bee\n")]
    assert reasons == ["", "listed twice", "listed twice, before as ant"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column path"),
        ("a.png,ant\n", "no column path"),
        ("path\na.png\n", "no column label"),
        ('path,label\n"a.png,ant\n', "not valid CSV"),
        ("path,label\na\0.png," + "x" * 200_000 + "\n", "not valid CSV"),
    ],
)
def test_what_is_no_manifest_is_refused_with_the_format(folder: Path, text: str, words: str):
    with pytest.raises(FinetunerError, match=words) as refusal:
        rows(folder, text)
    assert "path,label" in refusal.value.next_step


def test_a_manifest_scans_like_a_folder(folder: Path):
    (folder / "list.csv").write_text(
        "path,label,split\na.png,ant,train\nb.png,bee,train\nsub/c.png,ant,val\ngone.png,bee,val\n"
    )
    end = list(scan(ScanRequest(data=folder / "list.csv")))[-1]
    assert isinstance(end, ScanEnded)
    assert (end.layout, end.used, end.excluded, end.seen) == ("manifest", 3, 1, 4)
    assert end.classes == {"ant": 2, "bee": 1}


def test_bytes_that_are_no_utf8_survive(folder: Path):
    name = os.fsdecode(b"caf\xe9.png")
    photo("cafe").save(folder / name)
    assert rows(folder, b"path,label\ncaf\xe9.png,\xff\n") == [(name, "\udcff", None, "")]
