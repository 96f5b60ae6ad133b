from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from finetuner.engine.dataset import loader as loading
from finetuner.engine.dataset.augmentation.presets import AUGMENTATIONS
from finetuner.engine.dataset.cache import PixelCache
from finetuner.engine.dataset.feed import HostFeed
from finetuner.engine.dataset.loader import Loader, TrainLoader
from finetuner.engine.dataset.preprocessing import Preprocessing

COUNT = 23
LABELS = [0] * 15 + [1] * 6 + [2] * 2


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> PixelCache:
    """Image number n is of the flat grey n."""
    folder = tmp_path_factory.mktemp("grey")
    for number in range(COUNT):
        Image.new("RGB", (24, 24), (number,) * 3).save(folder / f"{number}.png")
    cache = PixelCache([folder / f"{number}.png" for number in range(COUNT)], Preprocessing(input_size=16))
    for _ in cache.fill():
        continue
    return cache


def fed(cache: PixelCache) -> HostFeed:
    return HostFeed(cache, torch.device("cpu"))


def train_loader(cache: PixelCache, batch_size: int = 4, preset: str = "none", seed: int = 0) -> TrainLoader:
    return TrainLoader(fed(cache), range(COUNT), LABELS, batch_size, preset, seed)


def seen(batches: list[tuple[torch.Tensor, torch.Tensor]]) -> list[int]:
    return [int(image[0, 0, 0]) for images, _ in batches for image in images]


def test_plain_gives_every_image_once_in_order(cache: PixelCache) -> None:
    batches = list(Loader(fed(cache), range(2, COUNT), LABELS, 4).plain())
    assert seen(batches) == list(range(2, COUNT))
    assert [int(label) for _, labels in batches for label in labels] == LABELS[2:]
    assert batches[0][0].shape[1:] == (3, 16, 16)
    assert batches[0][0].dtype == torch.uint8


def test_an_epoch_gives_every_image_once_with_its_label(cache: PixelCache) -> None:
    batches = list(train_loader(cache).epoch(0))
    assert sorted(seen(batches)) == list(range(COUNT))
    assert [int(label) for _, labels in batches for label in labels] == [LABELS[number] for number in seen(batches)]


def test_every_epoch_and_every_seed_has_an_order_of_its_own(cache: PixelCache) -> None:
    orders = [seen(list(train_loader(cache, seed=seed).epoch(epoch))) for seed in (0, 1) for epoch in (0, 1)]
    assert len({tuple(order) for order in orders}) == 4


@settings(max_examples=20)
@given(batch_size=st.integers(1, 40))
def test_batches_are_nearly_equal_and_never_larger_than_asked_for(cache: PixelCache, batch_size: int) -> None:
    loader = train_loader(cache, batch_size)
    sizes = [len(labels) for _, labels in loader.epoch(0)]
    assert len(sizes) == loader.batches
    assert max(sizes) <= batch_size
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("preset", AUGMENTATIONS)
def test_from_any_batch_on_an_epoch_repeats_exactly(cache: PixelCache, preset: str) -> None:
    loader = train_loader(cache, preset=preset)
    whole, rest = list(loader.epoch(3)), list(loader.epoch(3, first=2))
    assert len(rest) == len(whole) - 2
    for (images, labels), (again, same) in zip(whole[2:], rest, strict=True):
        assert torch.equal(images, again)
        assert torch.equal(labels, same)


def test_a_balanced_epoch_draws_each_class_equally_often(cache: PixelCache) -> None:
    loader = train_loader(cache)
    drawn = Counter(
        int(label) for epoch in range(60) for _, labels in loader.epoch(epoch, balanced=True) for label in labels
    )
    assert sum(drawn.values()) == 60 * COUNT
    assert all(abs(count / (60 * COUNT) - 1 / 3) < 0.05 for count in drawn.values())


def test_no_images_are_one_empty_batch(cache: PixelCache) -> None:
    assert Loader(fed(cache), [], LABELS, 4).batches == 1


def numbers(
    monkeypatch: pytest.MonkeyPatch, loader: TrainLoader, balanced: bool, first: int = 0
) -> list[tuple[int, tuple[float, ...]]]:
    """What an epoch draws: each image with its random numbers."""
    told: list[np.ndarray] = []
    monkeypatch.setattr(loading, "varied", lambda squares, _preset, drawn, _size: (told.append(drawn), squares)[1])
    images = [int(square[0, 0, 0]) for squares, _ in loader.epoch(2, first, balanced) for square in squares]
    return list(zip(images, map(tuple, np.concatenate(told).tolist()), strict=True))


def test_an_image_drawn_again_is_varied_anew(cache: PixelCache, monkeypatch: pytest.MonkeyPatch) -> None:
    loader = train_loader(cache, preset="light")
    drawn = numbers(monkeypatch, loader, balanced=True)
    assert len({image for image, _ in drawn}) < len(drawn)
    assert len(set(drawn)) == len(drawn)
    assert (
        numbers(monkeypatch, loader, balanced=True, first=3) == drawn[-sum(map(len, loader.positions(2, True)[3:])) :]
    )


def test_an_image_drawn_first_is_varied_as_in_an_epoch_without_repeats(
    cache: PixelCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = train_loader(cache, preset="light")
    once = dict(numbers(monkeypatch, loader, balanced=False))
    of_each = dict(reversed(numbers(monkeypatch, loader, balanced=True)))
    assert of_each == {image: once[image] for image in of_each}
    wanted = loading.uniforms((0, 2), range(COUNT), len(once[0]))
    assert once == {image: tuple(row) for image, row in enumerate(wanted.tolist())}
