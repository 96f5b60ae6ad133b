"""Bursts and look-alikes at once: what belongs to a burst is on its side of every split."""

import re
import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.dataset.bursts import burst_of, frame_name
from finetuner.engine.dataset.health import about_copies, about_splits
from finetuner.engine.dataset.scan import read_dataset
from finetuner.engine.dataset.split import assign, leaks
from finetuner.engine.dataset.together import together
from finetuner.engine.events import ScannedImage
from tests.hostile import photo


def image(path: str, content: str, group: str = "", split: str | None = None) -> ScannedImage:
    group = group or content
    return ScannedImage(
        path=path, label="cup", split=split, width=1, height=1, format="JPEG", content=content, group=group
    )


def frame(burst: str, number: int, content: str, group: str = "", split: str | None = None) -> ScannedImage:
    return image(f"/set/{frame_name(burst * 8, number)}", content, group, split)


def groups(images: list[ScannedImage]) -> list[str]:
    return [placed.group for placed in together(images)]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Eight bursts of pictures that do not look alike, and one copy and one near-copy of a frame of each."""
    for number in range(8):
        folder = tmp_path / ("cup" if number % 2 else "pen")
        folder.mkdir(exist_ok=True)
        for place in range(3):
            photo(f"{number}-{place}").save(folder / frame_name(f"{number:08x}", place), quality=95)
        shutil.copy(folder / frame_name(f"{number:08x}", 1), folder / f"again-{number}.jpg")
        photo(f"{number}-2").save(folder / f"small-{number}.jpg", quality=60)
    return tmp_path


def test_copies_of_a_frame_are_on_the_side_of_its_burst(recorded: Path) -> None:
    images = read_dataset(recorded).images
    for seed in range(20):
        sides = defaultdict(set)
        for placed in assign(images, 0.3, seed):
            number = burst_of(placed.path).removeprefix("burst-") or f"{int(Path(placed.path).stem[-1]):08x}"
            sides[number].add(placed.split)
        assert len(sides) == 8
        assert all(len(found) == 1 for found in sides.values())
        assert set.union(*sides.values()) == {"train", "val"}


def test_copies_are_counted_as_what_they_are(recorded: Path) -> None:
    told = "Exact copies: 8, near-copies: 8. Each stays in one split with its original."
    assert told in read_dataset(recorded).notices


def test_a_copy_of_a_frame_is_not_one_near_copy_less(tmp_path: Path) -> None:
    (tmp_path / "cup").mkdir()
    photo("cup").save(tmp_path / "cup" / frame_name("0000000a", 0))
    shutil.copy(tmp_path / "cup" / frame_name("0000000a", 0), tmp_path / "cup" / "copy.jpg")
    told = "Exact copies: 1, near-copies: 0. Each stays in one split with its original."
    assert told in read_dataset(tmp_path).notices


def test_frames_that_do_not_look_alike_are_no_copies_of_each_other() -> None:
    images = [frame("a", 0, "1"), frame("a", 1, "2"), image("/set/copy.jpg", "1"), image("/set/again.jpg", "2")]
    assert about_copies(images) == ["Exact copies: 2, near-copies: 0. Each stays in one split with its original."]
    assert about_copies(images[:2]) == []


def test_a_copy_of_a_frame_on_the_other_side_is_told() -> None:
    images = [frame("a", 0, "1", split="train"), frame("a", 1, "2", split="train"), image("/x.jpg", "2", split="val")]
    assert [held_out.path for _, held_out in leaks(images)] == ["/x.jpg"]
    assert "copy or near-copy in training" in " ".join(about_splits(images))


def test_bursts_that_share_a_file_are_one() -> None:
    assert groups([frame("b", 0, "1"), frame("a", 0, "2"), frame("a", 1, "1")]) == ["burst-aaaaaaaa"] * 3


def test_bursts_whose_frames_look_alike_can_be_told_apart() -> None:
    """All frames before the same wall do: were they one, nothing of a captured set could be held out."""
    assert groups([frame("a", 0, "1", "1"), frame("b", 0, "2", "1")]) == ["burst-aaaaaaaa", "burst-bbbbbbbb"]


def test_an_image_that_looks_like_two_bursts_unites_them() -> None:
    images = [frame("b", 0, "1", "1"), frame("a", 0, "2", "1"), frame("b", 1, "3"), image("/other.jpg", "4", "1")]
    assert groups(images) == ["burst-aaaaaaaa"] * 4


def test_a_copy_under_another_name_unites_no_more_than_its_frame_does() -> None:
    images = [frame("a", 0, "1", "1"), frame("b", 0, "2", "1"), image("/copy.jpg", "2", "1")]
    assert groups(images) == ["burst-aaaaaaaa", "burst-bbbbbbbb", "burst-bbbbbbbb"]


contents = st.integers(0, 15)
bursts = st.sampled_from(["", "", "a", "b", "c"])


def build(row: tuple[int, str, int]) -> ScannedImage:
    content, burst, number = row
    group = str(content // 3 * 3)  # a content has one look
    return frame(burst, number, str(content), group) if burst else image(f"/set/{number}.jpg", str(content), group)


any_images = st.lists(st.tuples(contents, bursts, st.integers(0, 9999)), max_size=30, unique_by=lambda row: row[1:])


@given(any_images, st.randoms(use_true_random=False))
def test_nothing_that_belongs_together_is_parted_in_whatever_order(rows, shuffler) -> None:
    images = [build(row) for row in rows]
    placed = together(images)
    assert together(placed) == placed
    final = dict(zip((image.path for image in images), (image.group for image in placed), strict=True))
    by_file, by_burst = defaultdict(set), defaultdict(set)
    for one in images:
        by_file[one.content].add(final[one.path])
        by_burst[burst_of(one.path) or f"look {one.group}"].add(final[one.path])
    framed = {one.content for one in images if burst_of(one.path)}
    plain = [one for one in images if one.content not in framed]
    alike = [(one, other) for one in plain for other in images if one.group == other.group]
    assert all(len(found) == 1 for found in by_file.values())
    assert all(len(found) == 1 for burst, found in by_burst.items() if not burst.startswith("look"))
    assert all(final[one.path] == final[other.path] for one, other in alike)
    shuffler.shuffle(images)
    assert {image.path: image.group for image in together(images)} == final


@given(any_images)
def test_as_many_images_are_copies_as_there_are_more_than_originals(rows) -> None:
    images = [build(row) for row in rows]
    told = about_copies(images)
    counted = [int(number) for number in re.findall(r": (-?\d+)[,.]", " ".join(told))]
    assert all(count >= 0 for count in counted)
    originals = {(one.group, placed.group) for one, placed in zip(images, together(images), strict=True)}
    assert sum(counted) == len(images) - len(originals)
