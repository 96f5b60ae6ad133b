import hashlib
from contextlib import suppress
from pathlib import Path

import pytest

from finetuner.engine.backbones import names, on_disk, pins
from finetuner.engine.backbones.download.task import download
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Downloaded, Event, Notice, Progress
from finetuner.engine.requests import DownloadRequest
from tests.engine.backbones.download.conftest import CONTENT
from tests.engine.backbones.download.faults import FAULTS, LOGIN, Fault, seeded
from tests.engine.backbones.download.loopback import Loopback, finished
from tests.engine.backbones.tiny import put_into_hub_cache

NAME = "resnet18.a1_in1k"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
VISION = Entry("torchvision/net", "torchvision", "torchvision/net", "net", 1, 224, file=f"net-{DIGEST[:8]}.pth")


def fetch(name: str = NAME) -> list[Event]:
    return list(download(DownloadRequest(backbone=name)))


@pytest.fixture
def vision(monkeypatch: pytest.MonkeyPatch) -> Entry:
    monkeypatch.setattr("finetuner.engine.backbones.download.task.find", lambda name: VISION)
    monkeypatch.setattr("finetuner.engine.backbones.integrity._torchvision_files", lambda: {VISION.file})
    return VISION


def test_a_file_of_the_hub_lies_where_its_client_looks(here: Loopback) -> None:
    *told, done = fetch()
    path = names.find(NAME).weights()
    assert path is not None
    assert done == Downloaded(backbone=NAME, path=str(path))
    assert path.read_bytes() == CONTENT
    assert path.resolve().name == DIGEST
    assert isinstance(told[-1], Progress)
    assert (told[-1].done, told[-1].total, told[-1].unit) == (len(CONTENT), len(CONTENT), "bytes")


def test_a_file_of_torchvision_lies_under_its_published_name(here: Loopback, vision: Entry) -> None:
    fetch()
    assert finished() == [on_disk.torch_cache() / vision.file]
    assert pins.pinned(vision.file) == pins.Pin(sha256=DIGEST, size=len(CONTENT))


def test_what_was_downloaded_is_pinned_in_full(here: Loopback) -> None:
    fetch()
    (file_id,) = pins.read(pins.own_manifest())
    assert file_id.startswith(f"timm/{NAME}@")
    assert file_id.endswith("/model.safetensors")


@pytest.mark.parametrize("kind", FAULTS)
def test_one_fault_is_survived_or_told_and_the_next_try_succeeds(here: Loopback, kind: str) -> None:
    here.faults.append(Fault(kind))
    survived_or_told()
    fetch()
    assert [path.read_bytes() for path in set(map(Path.resolve, finished()))] == [CONTENT]


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_for_ever_is_a_sentence_with_a_next_step(here: Loopback, vision: Entry, kind: str) -> None:
    here.for_ever = Fault(kind)
    if kind in ("ignores-range", "wrong-offset"):  # no fault where nothing was there before
        return survived_or_told()
    with pytest.raises(FinetunerError, match=r"torchvision/net") as caught:
        fetch()
    assert caught.value.next_step
    assert not finished()


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_nothing_bad_is_accepted_and_nobody_has_to_clean_up(here: Loopback, seed: int) -> None:
    here.faults.extend(seeded(seed))
    while here.faults and not finished():
        survived_or_told()
    here.faults.clear()
    fetch()
    assert {path.read_bytes() for path in finished()} == {CONTENT}


def survived_or_told() -> None:
    """One try, after which every finished file is the published one."""
    with suppress(FinetunerError):
        fetch()
    assert {path.read_bytes() for path in finished()} <= {CONTENT}


def test_a_cut_download_goes_on_from_there(here: Loopback) -> None:
    here.faults.extend([Fault("cut"), Fault("500")])
    with pytest.raises(FinetunerError, match="answered 500") as caught:
        fetch()
    assert "goes on from there" in caught.value.next_step
    here.seen.clear()
    fetch()
    assert here.seen[-1][2] > 0.4 * len(CONTENT)


def test_content_that_is_wrong_twice_is_told_with_both_hashes(here: Loopback) -> None:
    here.faults.extend([Fault("flipped-bit"), Fault("login-page-of-right-size")])
    with pytest.raises(FinetunerError, match="web page"):
        fetch()
    here.faults.extend([Fault("flipped-bit", 0.1), Fault("flipped-bit", 0.1)])
    with pytest.raises(FinetunerError, match=rf"should be {DIGEST}, and is [0-9a-f]{{64}}"):
        fetch()
    assert not finished()


@pytest.mark.parametrize("left", [LOGIN, b"x" * 1000, b"x" * len(CONTENT), CONTENT + b"x"])
def test_whatever_a_killed_download_left_behind_the_next_one_succeeds(here: Loopback, left: bytes) -> None:
    part = on_disk.hub_cache() / f"models--timm--{NAME}" / "blobs" / f"{DIGEST}.incomplete"
    part.parent.mkdir(parents=True)
    part.write_bytes(left)
    assert isinstance(fetch()[-1], Downloaded)
    assert [path.read_bytes() for path in set(map(Path.resolve, finished()))] == [CONTENT]


def test_wrong_content_is_fetched_once_more_from_zero(here: Loopback) -> None:
    here.faults.append(Fault("flipped-bit"))
    fetch()
    assert [start for _, path, start in here.seen if path.startswith("/store")] == [0, 0]


def test_altered_weights_are_set_aside_and_fetched_anew(here: Loopback) -> None:
    fetch()
    path = names.find(NAME).weights()
    assert path
    path.write_bytes(CONTENT[:-1] + b"x")
    notice = fetch()[0]
    assert isinstance(notice, Notice)
    assert f"{DIGEST}.altered" in notice.sentence
    assert path.read_bytes() == CONTENT
    assert path.resolve().with_name(f"{DIGEST}.altered").is_file()


def test_the_hubs_word_counts_less_than_a_pin(here: Loopback) -> None:
    fetch()
    here.content = CONTENT[::-1]
    here.sha256 = hashlib.sha256(here.content).hexdigest()
    path = names.find(NAME).weights()
    assert path
    path.unlink()
    with pytest.raises(FinetunerError, match=rf"pinned as {DIGEST}, and the hub states {here.sha256}"):
        fetch()


def test_two_at_once_do_not_write_the_same_file(here: Loopback) -> None:
    here.faults.append(Fault("cut"))
    first = iter(download(DownloadRequest(backbone=NAME)))
    while not any(path.suffix == ".incomplete" for path in on_disk.hub_cache().rglob("*")):
        next(first)
    with pytest.raises(FinetunerError, match="being downloaded already"):
        fetch()
    assert isinstance(list(first)[-1], Downloaded)


def test_a_full_disk_is_said_before(here: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("finetuner.engine.backbones.download.part.shutil.disk_usage", lambda path: usage)
    with pytest.raises(FinetunerError, match="MB are missing"):
        fetch()
    assert not any(path.startswith("/store") for _, path, _ in here.seen)


def test_offline_is_said_at_once() -> None:
    with pytest.raises(FinetunerError, match="switched off by HF_HUB_OFFLINE"):
        fetch()


def test_weights_on_disk_are_not_fetched_again() -> None:
    path = put_into_hub_cache(names.find("test_resnet").hub, "test_resnet")
    assert fetch("test_resnet") == [Downloaded(backbone="test_resnet.r160_in1k", path=str(path))]


def test_unpublished_weights_cannot_be_fetched() -> None:
    with pytest.raises(FinetunerError, match="are published"):
        fetch("mobilenet_edgetpu_100")


def test_what_is_in_the_box_needs_no_download_and_is_never_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    path = names.find("starter").weights()
    assert path is not None
    assert fetch("starter") == [Downloaded(backbone="starter", path=str(path))]
    monkeypatch.setattr("finetuner.engine.backbones.integrity.sha256_of", lambda _: "0" * 64)
    with pytest.raises(FinetunerError, match="Install Finetuner again"):
        fetch("starter")
    assert path.is_file()
