from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import Tensor

from finetuner.engine.dataset.cache import PixelCache
from finetuner.engine.dataset.feed import HostFeed
from finetuner.engine.dataset.loader import Loader
from finetuner.engine.training.features import Frozen, Gathered, compute_features
from tests.engine.crowded import crowded
from tests.engine.tiny import tiny_network

COUNT = 10


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    files = [tmp_path / f"{number}.png" for number in range(COUNT)]
    for number, file in enumerate(files):
        Image.new("RGB", (40, 40), (number * 20, 90, 255 - number * 20)).save(file)
    return files


@pytest.fixture
def frozen() -> Frozen:
    return Frozen(tiny_network(image_size=32), torch.device("cpu"), "fp32")


def loader_of(files: list[Path], frozen: Frozen, judged_from: int | None = None) -> Loader:
    cache = PixelCache(files, frozen.network.preprocessing, judged_from)
    assert list(cache.fill())[-1] == len(files)
    return Loader(HostFeed(cache, frozen.device), range(len(files)), [0] * len(files), 4)


def features(frozen: Frozen, loader: Loader) -> Tensor:
    return gathered(frozen, loader).rows()


def gathered(frozen: Frozen, loader: Loader, images: int = COUNT) -> Gathered:
    into = Gathered()
    assert list(compute_features(frozen, loader, into))[-1] == into.images == images
    return into


def counted(frozen: Frozen) -> list[int]:
    """How many images each forward pass sees from now on."""
    assert frozen.passes  # has looked at an image already
    sizes: list[int] = []
    frozen.network.model.register_forward_pre_hook(lambda _, given: sizes.append(len(given[0])))
    return sizes


def test_they_are_what_the_head_is_given(frozen: Frozen, pictures: list[Path]) -> None:
    loader = loader_of(pictures, frozen)
    assert features(frozen, loader).shape == (COUNT, frozen.network.head.in_features)


def test_what_does_not_fit_at_once_is_looked_at_in_pieces(frozen: Frozen) -> None:
    images = torch.randint(0, 256, (4, 3, 32, 32), dtype=torch.uint8)
    whole = frozen.features(images)
    tried = crowded(frozen.network.model, 1)
    torch.testing.assert_close(frozen.features(images), whole, rtol=1e-4, atol=1e-4)
    assert tried == [4, 2, 1, 1, 2, 1, 1]


def test_a_second_pass_computes_nothing_and_gives_the_same(frozen: Frozen, pictures: list[Path]) -> None:
    sizes = counted(frozen)
    first = features(frozen, loader_of(pictures, frozen))
    assert sum(sizes) == COUNT
    assert torch.equal(features(frozen, loader_of(pictures, frozen)), first)
    assert sum(sizes) == COUNT


def test_an_image_that_changed_is_computed_with_its_batch(frozen: Frozen, pictures: list[Path]) -> None:
    features(frozen, loader_of(pictures, frozen))
    sizes = counted(frozen)
    Image.new("RGB", (40, 40), "white").save(pictures[0])
    features(frozen, loader_of(pictures, frozen))
    assert sizes == [4]


def test_judged_images_are_another_view(frozen: Frozen, pictures: list[Path]) -> None:
    features(frozen, loader_of(pictures, frozen))
    sizes = counted(frozen)
    features(frozen, loader_of(pictures, frozen, judged_from=0))
    assert sum(sizes) == COUNT


def test_an_image_that_vanished_after_it_was_read_still_counts(frozen: Frozen, pictures: list[Path]) -> None:
    loader = loader_of(pictures, frozen)
    pictures[3].unlink()
    assert len(features(frozen, loader)) == COUNT


def test_what_was_saved_is_said(frozen: Frozen, pictures: list[Path]) -> None:
    assert gathered(frozen, loader_of(pictures[:4], frozen), 4).saving == ""
    again = gathered(frozen, loader_of(pictures, frozen))
    assert (again.found, again.saving.startswith("What the network says of 4 of")) == (4, True)
    assert "of all images" in gathered(frozen, loader_of(pictures, frozen)).saving
