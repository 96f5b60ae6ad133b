from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from finetuner.engine.dataset.sample import PER_CLASS, SUBJECTS, drawing, drawn_picture, encoded
from finetuner.engine.dataset.sample.backgrounds import BACKGROUNDS
from finetuner.engine.dataset.scan import read_dataset

FEW = 12


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    told = list(drawing(folder, FEW))
    assert [event.done for event in told] == list(range(1, FEW * len(SUBJECTS) + 1))
    return folder


def test_the_sample_is_a_clean_data_set(sample: Path):
    dataset = read_dataset(sample)
    assert Counter(image.label for image in dataset.images) == dict.fromkeys(SUBJECTS, FEW)
    assert {image.format for image in dataset.images} == {"JPEG", "PNG"}
    assert dataset.problems == ()
    assert dataset.notices == ()


def test_it_is_large_enough_to_learn_from():
    assert len(SUBJECTS) * PER_CLASS == 300


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_picture_is_always_the_same(sample: Path, name: str):
    assert (sample / name / f"{name}-00.jpg").read_bytes() == encoded(name, 0)
    assert (sample / name / f"{name}-03.png").read_bytes() == encoded(name, 3)


def test_what_is_there_is_not_drawn_again(tmp_path: Path):
    for path in (tmp_path / "fish/fish-00.jpg", tmp_path / "leaf/leaf-00.jpg"):
        path.parent.mkdir()
        path.write_bytes(b"kept")
    assert len(list(drawing(tmp_path, 1))) == len(SUBJECTS) - 2
    assert (tmp_path / "fish/fish-00.jpg").read_bytes() == b"kept"
    assert list(drawing(tmp_path, 1)) == []


def test_drawing_can_be_stopped_and_goes_on_later(tmp_path: Path):
    stream = drawing(tmp_path, 2)
    next(stream)
    stream.close()
    assert len(list(tmp_path.rglob("*.jpg"))) == 1
    assert len(list(drawing(tmp_path, 2))) == 2 * len(SUBJECTS) - 1


def test_mean_colour_does_not_tell_the_class(sample: Path):
    """Leave one out, nearest neighbour in mean colour: hardly above the chance of one in five."""
    paths = sorted(sample.glob("*/*"))
    means = np.array([np.asarray(Image.open(path).convert("RGB")).mean((0, 1)) for path in paths])
    labels = np.array([path.parent.name for path in paths])
    gaps = np.linalg.norm(means[:, None] - means[None], axis=2) + np.diag([np.inf] * len(paths))
    assert (labels[gaps.argmin(1)] == labels).mean() < 0.45


def test_pictures_of_one_class_differ():
    smallest = [np.asarray(drawn_picture("fish", number).resize((32, 32)), float) for number in range(6)]
    gaps = [np.abs(one - other).mean() for index, one in enumerate(smallest) for other in smallest[:index]]
    assert min(gaps) > 10


@pytest.mark.parametrize("name", BACKGROUNDS)
def test_every_background_fills_its_frame(name: str):
    image = BACKGROUNDS[name](Random(1), (120, 90), (200, 180, 160))
    assert (image.mode, image.size) == ("RGB", (120, 90))
    assert np.asarray(image).std() > 2
