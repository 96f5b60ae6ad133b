from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from finetuner.engine.dataset.decode import decode_open, open_rgb, opened
from finetuner.engine.dataset.likeness import MAX_DISTANCE, difference_hashes, shrunk
from tests.hostile import photo


def difference_hash(image: Image.Image) -> int | None:
    return difference_hashes([shrunk(image)])[0]


def distance(one: Image.Image, other: Image.Image) -> int:
    first, second = difference_hash(one), difference_hash(other)
    assert first is not None
    assert second is not None
    return (first ^ second).bit_count()


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


def test_a_photo_decoded_grey_looks_as_it_does_in_colour(tmp_path: Path, picture: Image.Image):
    picture.save(tmp_path / "copy.jpg", quality=80)
    with opened(tmp_path / "copy.jpg") as file:
        grey = decode_open(tmp_path / "copy.jpg", file, 128, grey=True).image
    assert grey.mode == "L"
    assert distance(grey, picture) <= MAX_DISTANCE


def test_hashes_do_not_depend_on_their_company():
    images = [photo(str(index)) for index in range(5)] + [Image.new("RGB", (50, 50))]
    assert difference_hashes([shrunk(image) for image in images]) == [difference_hash(image) for image in images]
    assert difference_hashes([]) == []
