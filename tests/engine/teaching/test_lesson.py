from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetuner.engine.errors import FinetunerError
from finetuner.engine.teaching import lesson as module
from finetuner.engine.teaching.captured import CapturedSet
from finetuner.engine.teaching.lesson import Lesson
from finetuner.engine.teaching.thinning import VISIBLE, Thinning, look_of
from tests.engine.teaching.frames import MeanColour, frame


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    captured = CapturedSet(tmp_path / "set")
    captured.add_class("cup")
    captured.add_class("pen")
    return Lesson(captured)


def learn(lesson: Lesson, network: MeanColour) -> None:
    while lesson.learn(network):
        continue


def test_a_frame_that_shows_nothing_new_is_left_out(lesson: Lesson) -> None:
    still = frame("cup", 0)
    noisy = (still.astype(int) + np.random.default_rng(0).integers(-9, 10, still.shape)).clip(0, 255).astype(np.uint8)
    assert lesson.capture(still, "cup", "0000000a") is not None
    assert lesson.capture(noisy, "cup", "0000000a") is None
    assert lesson.capture(still, "cup", "0000000b") is None
    assert lesson.capture(frame("cup", 1), "cup", "0000000a") is not None
    assert lesson.capture(still, "pen", "0000000c") is not None
    assert [kept.path.name[-8:] for kept in lesson.frames] == ["0000.jpg", "0001.jpg", "0000.jpg"]


@pytest.mark.parametrize(("step", "new"), [(VISIBLE, False), (VISIBLE + 2, True)])
def test_one_cell_that_changes_visibly_is_enough(step: int, new: bool) -> None:
    thinning, pixels = Thinning(), np.full((160, 170), 100, np.uint8)
    thinning.remember(look_of(Image.fromarray(pixels)), "cup", "a")
    pixels[:10, :10] += np.uint8(step)
    assert thinning.is_new(look_of(Image.fromarray(pixels)), "cup") is new


def test_features_are_computed_once_and_are_those_of_the_file(lesson: Lesson) -> None:
    network = MeanColour()
    for number in range(3):
        lesson.capture(frame("cup", number), "cup", "0000000a")
        learn(lesson, network)
    assert (network.asked, lesson.unlearned) == (3, 0)
    again = Lesson(CapturedSet(lesson.captured.folder))
    learn(again, MeanColour())
    assert np.array_equal(again.rows().features, lesson.rows().features)
    assert again.rows().groups == lesson.rows().groups == ("burst-0000000a",) * 3


def test_frames_are_kept_before_there_is_a_network(lesson: Lesson) -> None:
    lesson.capture(frame("cup", 0), "cup", "0000000a")
    assert (len(lesson.frames), lesson.unlearned, len(lesson.rows())) == (1, 1, 0)


def test_a_set_that_is_opened_again_still_leaves_out_what_it_has(lesson: Lesson) -> None:
    lesson.capture(frame("cup", 0), "cup", "0000000a")
    again = Lesson(CapturedSet(lesson.captured.folder))
    learn(again, MeanColour())
    assert again.capture(frame("cup", 0), "cup", "0000000b") is None


def test_a_burst_can_be_taken_back(lesson: Lesson) -> None:
    for number in range(3):
        lesson.capture(frame("cup", number), "cup", "0000000a")
    kept = lesson.capture(frame("pen", 0), "pen", "0000000b")
    learn(lesson, MeanColour())
    gone = lesson.forget_burst("0000000a")
    assert len(gone) == 3
    assert not any(taken.path.exists() for taken in gone)
    assert lesson.frames == [kept]
    assert lesson.rows().labels == ("pen",)
    assert lesson.capture(frame("cup", 0), "cup", "0000000c") is not None


def test_a_class_that_is_renamed_takes_its_frames_along(lesson: Lesson) -> None:
    lesson.capture(frame("cup", 0), "cup", "0000000a")
    learn(lesson, MeanColour())
    lesson.capture(frame("cup", 1), "cup", "0000000a")
    assert lesson.rename("cup", "mug") == "mug"
    assert all(taken.path.is_file() for taken in lesson.frames)
    assert {taken.label for taken in lesson.frames} == {"mug"}
    assert lesson.capture(frame("cup", 1), "mug", "0000000b") is None
    assert Lesson(CapturedSet(lesson.captured.folder)).frames == lesson.frames


def test_a_frame_that_cannot_be_read_any_more_is_left_out(lesson: Lesson) -> None:
    for number in range(2):
        lesson.capture(frame("cup", number), "cup", "0000000a")
    lesson.frames[0].path.write_bytes(b"not a picture")
    again = Lesson(CapturedSet(lesson.captured.folder))
    learn(again, MeanColour())
    assert len(again.rows()) == 1


def test_a_class_has_so_many_frames_and_no_more(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OF_CLASS", 2)
    kept = [lesson.capture(frame("cup", number), "cup", "0000000a") for number in range(4)]
    assert [bool(taken) for taken in kept] == [True, True, False, False]
    assert lesson.is_full("cup")
    assert lesson.capture(frame("pen", 0), "pen", "0000000b") is not None


def test_large_frames_are_kept_small(lesson: Lesson) -> None:
    kept = lesson.capture(np.zeros((1080, 1920, 3), np.uint8), "cup", "0000000a")
    assert kept is not None
    with Image.open(kept.path) as image:
        assert image.size == (853, 480)


def test_nothing_is_remembered_of_a_frame_that_the_disk_refused(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise FinetunerError("Nothing can be written.")

    with monkeypatch.context() as patch:
        patch.setattr(lesson.captured, "keep", full)
        with pytest.raises(FinetunerError):
            lesson.capture(frame("cup", 0), "cup", "0000000a")
    assert lesson.capture(frame("cup", 0), "cup", "0000000a") is not None


def recorded(lesson: Lesson) -> None:
    for label, burst in (("cup", "0000000a"), ("pen", "0000000b")):
        for number in range(3):
            assert lesson.capture(frame(label, number), label, burst)


@pytest.mark.parametrize("learned", [False, True])
def test_a_class_that_was_removed_comes_back_to_its_place_with_all_that_was_known(
    lesson: Lesson, learned: bool
) -> None:
    recorded(lesson)
    network = MeanColour()
    if learned:
        learn(lesson, network)
    before, files = lesson.rows(), {kept.path for kept in lesson.frames}
    lesson.remove("cup", "00000001")
    assert lesson.captured.classes == CapturedSet(lesson.captured.folder).classes == ("pen",)
    assert {kept.label for kept in lesson.frames} == {"pen"}
    lesson.restore("00000001")
    assert lesson.captured.classes == CapturedSet(lesson.captured.folder).classes == ("cup", "pen")
    assert {kept.path for kept in lesson.frames} == files
    assert all(path.is_file() for path in files)
    assert sorted(lesson.rows().labels) == sorted(before.labels)
    assert lesson.capture(frame("cup", 0), "cup", "0000000c") is None  # it is known still that this is nothing new
    learn(lesson, network)
    assert network.asked == 6


def test_a_removed_class_comes_back_under_another_name_where_its_own_is_taken(lesson: Lesson) -> None:
    recorded(lesson)
    lesson.remove("cup", "00000001")
    lesson.captured.add_class("CUP")
    lesson.restore("00000001")
    assert lesson.captured.classes == ("cup 2", "pen", "CUP")
    assert [kept.path.parent.name for kept in lesson.frames if kept.label == "cup 2"] == ["cup 2"] * 3
    assert lesson.captured.frames() == sorted(lesson.frames, key=lambda kept: lesson.captured.classes.index(kept.label))


def test_what_is_gone_already_cannot_be_removed_or_restored_twice(lesson: Lesson) -> None:
    recorded(lesson)
    for token in ("00000001", "00000002"):
        lesson.remove("cup", token)
    lesson.restore("00000002")
    assert lesson.captured.classes == ("pen",)
    for _ in range(2):
        lesson.restore("00000001")
    assert lesson.captured.classes == ("cup", "pen")
    assert len(lesson.frames) == 6


def test_what_was_removed_is_deleted_when_the_set_is_opened_anew(lesson: Lesson, tmp_path: Path) -> None:
    recorded(lesson)
    (tmp_path / "elsewhere").mkdir()
    (lesson.captured.folder / ".removed-link").symlink_to(tmp_path / "elsewhere")
    lesson.remove("cup", "00000001")
    again = Lesson(CapturedSet(lesson.captured.folder))
    assert len(again.frames) == 3
    assert {path.name for path in lesson.captured.folder.iterdir() if path.is_dir()} == {".removed-link", "pen"}
    assert (tmp_path / "elsewhere").is_dir()
