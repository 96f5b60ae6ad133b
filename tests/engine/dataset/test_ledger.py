import json
from pathlib import Path

import pytest

from finetuner.engine.dataset import ledger, reader_process
from finetuner.engine.dataset.check import check
from finetuner.engine.dataset.scan import Dataset, read_dataset, scan
from finetuner.engine.events import ImagesScanned
from finetuner.engine.paths import cache_dir
from finetuner.engine.requests import ScanRequest
from tests.hostile import build_hostile, photo


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were really decoded, of any age."""
    names: list[str] = []
    look = lambda paths: names.extend(Path(path).name for path in paths) or check(paths)  # noqa: E731
    monkeypatch.setitem(reader_process.TASKS, "check", look)
    monkeypatch.setattr(ledger, "SETTLED_NS", 0)
    return names


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a/1.png", "a/2.png", "b/3.png", "b/4.png"):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        photo(name).save(tmp_path / "data" / name)
    return tmp_path / "data"


def rescan(folder: Path, looked_at: list[str]) -> tuple[Dataset, list[str]]:
    looked_at.clear()
    dataset = read_dataset(folder)
    return dataset, sorted(looked_at)


def test_unchanged_files_are_not_decoded_again(folder: Path, looked_at: list[str]):
    first = read_dataset(folder)
    assert rescan(folder, looked_at) == (first, [])


def test_a_hostile_folder_scans_the_same_from_memory(tmp_path: Path, looked_at: list[str]):
    hostile = build_hostile(tmp_path / "data")
    first = read_dataset(hostile.folder)
    again, opened = rescan(hostile.folder, looked_at)
    assert again == first
    assert "truncated.jpg" in opened
    assert set(opened) <= {Path(name).name for name in hostile.refused}


def test_what_changed_is_looked_at_again(folder: Path, looked_at: list[str]):
    first = read_dataset(folder)
    photo("other").save(folder / "a/2.png")
    (folder / "b/4.png").unlink()
    photo("new").save(folder / "b/5.png")
    again, opened = rescan(folder, looked_at)
    assert opened == ["2.png", "5.png"]
    assert [image.content for image in again.images] != [image.content for image in first.images]


def test_a_moved_file_gets_its_new_label(folder: Path, looked_at: list[str]):
    read_dataset(folder)
    (folder / "b").rename(folder / "c")
    assert rescan(folder, looked_at)[0].classes == ("a", "c")


def test_a_file_written_just_now_is_not_remembered_yet(
    folder: Path, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ledger, "SETTLED_NS", 10**15)
    first = read_dataset(folder)
    assert rescan(folder, looked_at) == (first, ["1.png", "2.png", "3.png", "4.png"])


def test_a_stopped_scan_keeps_what_it_found(folder: Path, looked_at: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("finetuner.engine.dataset.scan.BATCH_IMAGES", 1)
    events = scan(ScanRequest(data=folder))
    while not isinstance(next(events), ImagesScanned):
        continue
    events.close()
    known = len(looked_at)
    assert known > 0
    assert len(rescan(folder, looked_at)[1]) == 4 - known


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: text.replace(ledger.VERSION, "0"),
        lambda text: text.replace(', "PNG"', ""),
        lambda text: json.dumps({"version": ledger.VERSION, "files": {"x": [[1, 2, 3, 4], 5]}}),
    ],
)
def test_a_damaged_or_foreign_ledger_is_ignored(folder: Path, looked_at: list[str], damage):
    first = read_dataset(folder)
    (file,) = (cache_dir() / "scans").iterdir()
    file.write_text(damage(file.read_text()))
    assert rescan(folder, looked_at) == (first, ["1.png", "2.png", "3.png", "4.png"])


def test_a_full_disk_costs_only_the_memory(folder: Path, looked_at: list[str], monkeypatch: pytest.MonkeyPatch):
    def full(target: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger, "write_text", full)
    dataset = read_dataset(folder)
    assert len(dataset.images) == 4
    assert "No space left on device" in dataset.notices[-1]
