"""Many files, looked at by threads and processes: the order, the two stages, and how it ends."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from finetuner.engine.dataset import inspector, scan
from finetuner.engine.dataset.candidate import Candidate
from finetuner.engine.dataset.check import Facts
from finetuner.engine.dataset.inspector import Inspector
from finetuner.engine.dataset.ledger import Ledger
from finetuner.engine.events import ImagesFound, ImagesScanned, ScanEnded, ScannedImage
from finetuner.engine.requests import ScanRequest
from tests.hostile import Hostile, build_hostile, photo


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few files are many: threads begin, processes go on, headers come first."""
    monkeypatch.setattr(inspector, "MANY", 8)
    monkeypatch.setattr(inspector, "PROCESS_FILES", 5)
    monkeypatch.setattr(scan, "FEW", 10)
    monkeypatch.setattr(scan, "BATCH_IMAGES", 7)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return build_hostile(tmp_path_factory.mktemp("hostile") / "data")


def drawn(folder: Path, count: int) -> list[Candidate]:
    (folder / "a").mkdir(parents=True)
    paths = [folder / f"a/{index:03}.png" for index in range(count)]
    for path in paths:
        photo(path.name, (24, 16)).save(path)
    return [Candidate(str(path), "a") for path in paths]


def readers_left() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "reader_process" in " ".join(child.cmdline())]


def events_of(folder: Path, headers_first: bool = True) -> list:
    return list(scan.scan(ScanRequest(data=folder, headers_first=headers_first)))


def found(events: list) -> list[ScannedImage]:
    return [image for event in events if isinstance(event, ImagesFound) for image in event.images]


def scanned(events: list) -> list[ScannedImage]:
    return [image for event in events if isinstance(event, ImagesScanned) for image in event.images]


@pytest.mark.usefixtures("crowd")
def test_results_come_in_the_order_of_the_files(tmp_path: Path):
    candidates = drawn(tmp_path / "data", 60)
    candidates.insert(20, Candidate("elsewhere", reason="not a regular file"))
    with Inspector(Ledger(tmp_path)) as looking:
        looks = list(looking.checks(candidates))
        assert readers_left()
    assert [candidate for candidate, _ in looks] == candidates
    assert looks[20][1] == "not a regular file"
    assert sum(isinstance(finding, Facts) for _, finding in looks) == 60
    assert not readers_left()


@pytest.mark.usefixtures("crowd")
def test_the_two_stages_agree_and_the_second_corrects_the_first(hostile: Hostile):
    events = events_of(hostile.folder)
    first, second = {image.path: image for image in found(events)}, {image.path: image for image in scanned(events)}
    bare = {"content": "", "group": ""}
    assert [image.model_copy(update=bare) for image in second.values()] == [first[path] for path in second]
    assert {Path(path).name for path in first.keys() - second.keys()} == {
        "truncated.jpg",
        "truncated.png",
        "damaged.png",
    }
    assert all(image.content == "" for image in first.values())


@pytest.mark.usefixtures("crowd")
def test_processes_and_threads_scan_the_same(hostile: Hostile, monkeypatch: pytest.MonkeyPatch):
    many = events_of(hostile.folder)
    monkeypatch.setattr(inspector, "MANY", 10_000)
    monkeypatch.setattr(scan, "FEW", 10_000)
    few = events_of(hostile.folder)
    assert found(few) == []
    assert scanned(many) == scanned(few)
    assert _plain(many[-1]) == _plain(few[-1])


@pytest.mark.usefixtures("crowd")
def test_training_does_not_pay_for_the_first_stage(hostile: Hostile):
    assert found(events_of(hostile.folder, headers_first=False)) == []


@pytest.mark.usefixtures("crowd")
def test_what_the_ledger_knows_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("finetuner.engine.dataset.ledger.SETTLED_NS", 0)
    drawn(tmp_path / "data", 40)
    first = events_of(tmp_path / "data")
    monkeypatch.setattr(inspector.Readers, "ask", None)
    again = events_of(tmp_path / "data")
    assert scanned(again) == scanned(first)
    assert [image.path for image in found(again)] == [image.path for image in found(first)]


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("stage", [ImagesFound, ImagesScanned])
def test_closing_on_the_way_leaves_no_process(tmp_path: Path, stage: type):
    drawn(tmp_path / "data", 300)
    events = scan.scan(ScanRequest(data=tmp_path / "data", headers_first=True))
    told = _until_readers(events, stage)
    events.close()
    assert 0 < told < 300
    assert not readers_left()


def _until_readers(events: Iterator, stage: type) -> int:
    """Walk until a process is at work in this stage; return how many images it had told of."""
    told = 0
    for event in events:
        told += len(event.images) if isinstance(event, stage) else 0
        if told and readers_left():
            break
    return told


def _plain(end: ScanEnded) -> ScanEnded:
    """Without the size of a bomb, which Pillow's warning hides where warnings are errors, as in tests."""
    problems = (problem.model_copy(update={"reason": problem.reason.partition(" (")[0]}) for problem in end.problems)
    return end.model_copy(update={"problems": tuple(problems)})
