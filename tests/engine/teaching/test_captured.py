import json
from pathlib import Path

import pytest

from finetuner.engine.dataset.bursts import burst_of, frame_name
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ImagesScanned
from finetuner.engine.requests import ScanRequest
from finetuner.engine.teaching import captured as module
from finetuner.engine.teaching.captured import ORDER, CapturedSet
from finetuner.engine.teaching.lesson import Lesson
from finetuner.engine.teaching.settings import MOST_CLASSES
from tests.engine.teaching.frames import frame

BURSTS = {"cup": ("0000000a", "0000000b"), "pen": ("0000000c", "0000000d")}


def recorded(folder: Path, of_each: int = 5) -> CapturedSet:
    """Two bursts of each of two classes."""
    captured = CapturedSet(folder)
    lesson = Lesson(captured)
    for label, bursts in BURSTS.items():
        captured.add_class(label)
        for place, burst in enumerate(bursts):
            for number in range(of_each):
                assert lesson.capture(frame(label, place * of_each + number), label, burst)
    return captured


def test_a_burst_is_told_from_the_file_name_alone() -> None:
    assert burst_of(f"/anywhere/cup/{frame_name('0123abcd', 7)}") == "burst-0123abcd"
    for name in ("photo.jpg", "burst-0123abcd-0007.png", "burst-xyz-0007.jpg", "my-burst-0123abcd-0007.jpg"):
        assert burst_of(name) == ""


def test_it_is_an_ordinary_data_folder_whose_bursts_stay_together(tmp_path: Path) -> None:
    from finetuner.engine.dataset.scan import scan
    from finetuner.engine.dataset.split import assign

    captured = recorded(tmp_path / "set")
    *batches, ended = [event for event in scan(ScanRequest(data=captured.folder)) if event.kind != "progress"]
    images = [image for batch in batches if isinstance(batch, ImagesScanned) for image in batch.images]
    assert (len(images), ended.excluded) == (20, 0)  # type: ignore[attr-defined]
    for seed in range(20):
        placed = assign(images, 0.3, seed)
        sides: dict[str, set[str | None]] = {}
        for image in placed:
            sides.setdefault(burst_of(image.path), set()).add(image.split)
        assert all(len(splits) == 1 for splits in sides.values())
        assert {split for splits in sides.values() for split in splits} == {"train", "val"}


def test_it_is_there_again_when_opened_again(tmp_path: Path) -> None:
    before = recorded(tmp_path / "set")
    before.add_class("a first name that sorts before")
    again = CapturedSet(tmp_path / "set")
    assert again.classes == before.classes == ("cup", "pen", "a first name that sorts before")
    assert again.frames() == before.frames()
    assert {frame.burst for frame in again.frames()} == {burst for bursts in BURSTS.values() for burst in bursts}


def test_what_a_kill_left_half_written_is_swept_away(tmp_path: Path) -> None:
    captured = recorded(tmp_path / "set", of_each=2)
    torn = captured.folder / "cup" / f".{frame_name('0000000a', 9)}.12345678.tmp"
    torn.write_bytes(b"\xff\xd8half")
    assert len(CapturedSet(captured.folder).frames()) == 8
    assert not torn.exists()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"classes": 3}', '{"classes": ["../up", "con", 7, ""]}'])
def test_a_damaged_or_hostile_order_is_passed_over(tmp_path: Path, content: str) -> None:
    captured = recorded(tmp_path / "set", of_each=1)
    (captured.folder / ORDER).write_text(content)
    assert CapturedSet(captured.folder).classes == ("cup", "pen")


def test_the_order_is_kept_in_plain_json(tmp_path: Path) -> None:
    captured = CapturedSet(tmp_path / "set")
    captured.add_class("z")
    captured.add_class("a")
    assert json.loads((tmp_path / "set" / ORDER).read_text()) == {"classes": ["z", "a"]}


def test_a_class_can_have_another_name(tmp_path: Path) -> None:
    captured = recorded(tmp_path / "set", of_each=1)
    assert captured.rename_class("cup", "red/cup") == "red-cup"
    assert captured.classes == ("red-cup", "pen")
    assert [frame.label for frame in CapturedSet(captured.folder).frames()] == ["red-cup"] * 2 + ["pen"] * 2
    with pytest.raises(FinetunerError, match="There is a class"):
        captured.rename_class("pen", "RED-CUP")


def test_there_are_not_more_classes_than_anybody_could_name(tmp_path: Path) -> None:
    captured = CapturedSet(tmp_path / "set")
    for number in range(MOST_CLASSES):
        captured.add_class(f"class {number}")
    with pytest.raises(FinetunerError, match="classes already"):
        captured.add_class("one more")


def test_a_full_disk_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captured = recorded(tmp_path / "set", of_each=1)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(module, "write_bytes", full)
    with pytest.raises(FinetunerError, match=r"No space left on device.*what was recorded before is kept"):
        captured.keep("cup", "0000000a", 99, b"")
    assert len(captured.frames()) == 4
