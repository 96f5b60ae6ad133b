import random
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.likeness import CANDIDATES, MAX_DISTANCE, Groups, difference_hash
from tests.hostile import photo


def distance(one: Image.Image, other: Image.Image) -> int:
    first, second = difference_hash(one), difference_hash(other)
    assert first is not None
    assert second is not None
    return (first ^ second).bit_count()


def flipped(look: int, bits: int, seed: int = 0) -> int:
    for place in random.Random(seed).sample(range(256), bits):
        look ^= 1 << place
    return look


@pytest.fixture
def picture() -> Image.Image:
    return photo("look", (320, 240))


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.resize((160, 120)),
        lambda image: image.resize((500, 375)),
        lambda image: ImageEnhance.Brightness(image).enhance(0.8),
        lambda image: ImageEnhance.Color(image).enhance(0.7),
    ],
)
def test_a_changed_copy_looks_alike(picture: Image.Image, change):
    assert distance(picture, change(picture)) <= MAX_DISTANCE


def test_a_copy_in_another_format_looks_alike(tmp_path: Path, picture: Image.Image):
    picture.save(tmp_path / "copy.jpg", quality=40)
    assert distance(picture, open_rgb(tmp_path / "copy.jpg", 128)) <= MAX_DISTANCE


def test_different_pictures_differ():
    looks = [difference_hash(photo(str(index))) for index in range(60)]
    assert min((a ^ b).bit_count() for i, a in enumerate(looks) for b in looks[:i]) > MAX_DISTANCE


@pytest.mark.parametrize("colour", ["black", "white", "red"])
def test_flat_pictures_have_no_look(colour: str):
    image = Image.new("RGB", (200, 100), colour)
    image.paste("grey", (50, 40, 60, 60))
    assert difference_hash(image) is None
    assert difference_hash(Image.new("RGB", (1, 1), colour)) is None


def test_flat_pictures_are_grouped_only_when_their_bytes_agree():
    groups = Groups()
    assert [groups.place(content, None) for content in ("a", "b", "a")] == ["a", "b", "a"]


@pytest.mark.parametrize("bits", [0, 1, MAX_DISTANCE])
def test_every_near_copy_is_found(bits: int):
    dice = random.Random(1)
    for trial in range(50):
        groups, look = Groups(), dice.getrandbits(256)
        for other in range(200):
            groups.place(f"other{other}", dice.getrandbits(256))
        groups.place("original", look)
        assert groups.place("copy", flipped(look, bits, trial)) == "original"


def test_one_bit_further_is_another_group():
    groups = Groups()
    groups.place("original", 0)
    assert groups.place("other", flipped(0, MAX_DISTANCE + 1)) == "other"


def test_resemblance_does_not_chain():
    groups, looks = Groups(), [flipped(0, bits) for bits in (0, MAX_DISTANCE, 2 * MAX_DISTANCE)]
    assert [groups.place(str(index), look) for index, look in enumerate(looks)] == ["0", "0", "2"]


def test_look_alikes_beyond_the_limit_cost_no_more_comparisons():
    """However many images share a piece, only so many are kept to compare with."""
    groups = Groups()
    for index in range(2000):
        groups.place(str(index), flipped(0, 3 * MAX_DISTANCE, index))
    assert max(len(known) for known in groups._by_piece.values()) == CANDIDATES
