from pathlib import Path

import pytest
import torch
from PIL import Image

from finetuner.engine.dataset.cache import PixelCache
from finetuner.engine.dataset.feed import DeviceFeed, HostFeed, feed_for
from finetuner.engine.dataset.preprocessing import Preprocessing

COUNT = 9
CPU = torch.device("cpu")
BATCHES = [[3, 1], [8], [0, 2, 4], [], [7, 5, 6]]


class Elsewhere:
    """A device that is not the CPU, and keeps its tensors there all the same."""

    type = "elsewhere"


@pytest.fixture
def cache(tmp_path: Path) -> PixelCache:
    """Image number n is of the flat grey n."""
    for number in range(COUNT):
        Image.new("RGB", (24, 24), (number,) * 3).save(tmp_path / f"{number}.png")
    cache = PixelCache([tmp_path / f"{number}.png" for number in range(COUNT)], Preprocessing(input_size=16))
    assert list(cache.fill())[-1] == COUNT
    return cache


def greys(squares: torch.Tensor) -> list[int]:
    assert squares.dtype == torch.uint8
    return squares[:, 0, 0, 0].tolist()


def test_squares_come_in_the_order_in_which_they_are_asked_for(cache: PixelCache) -> None:
    assert greys(HostFeed(cache, CPU).take([4, 0, 7])) == [4, 0, 7]
    assert greys(DeviceFeed(cache, range(COUNT), CPU).take([4, 0, 7])) == [4, 0, 7]


def test_a_stream_is_one_take_after_the_other(cache: PixelCache) -> None:
    wanted = [batch for batch in BATCHES if batch]
    for feed in (HostFeed(cache, CPU), DeviceFeed(cache, range(COUNT), CPU)):
        assert [greys(squares) for squares in feed.stream(wanted)] == wanted


def test_a_feed_for_an_accelerator_works_ahead_and_keeps_the_order(
    cache: PixelCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = HostFeed(cache, Elsewhere())  # type: ignore[arg-type]
    monkeypatch.setattr(feed, "_moved", lambda squares: squares)
    wanted = [batch for batch in BATCHES * 3 if batch]
    assert [greys(squares) for squares in feed.stream(wanted)] == wanted


def test_a_device_holds_only_its_own_images_and_reads_them_once(
    cache: PixelCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed, read = DeviceFeed(cache, [2, 5, 6], CPU), []
    square = cache.square
    monkeypatch.setattr(cache, "square", lambda index: (read.append(index), square(index))[1])
    assert greys(feed.take([6, 2])) == [6, 2]
    assert greys(feed.take([5])) == [5]
    assert sorted(set(read)) == [2, 5, 6]
    assert read.count(5) == 1


def test_a_processor_is_fed_from_memory(cache: PixelCache) -> None:
    assert isinstance(feed_for(cache, range(COUNT), CPU), HostFeed)


@pytest.mark.parametrize(("free", "kind"), [(10**9, DeviceFeed), (10**4, HostFeed)])
def test_a_gpu_takes_all_images_if_they_fit(
    cache: PixelCache, monkeypatch: pytest.MonkeyPatch, free: int, kind: type
) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (free, free))
    assert isinstance(feed_for(cache, range(COUNT), torch.device("cuda")), kind)


@pytest.mark.parametrize(("kind", "waits"), [("cuda", False), ("mps", True), ("cpu", True)])
def test_only_cuda_copies_while_memory_may_be_let_go(
    cache: PixelCache, monkeypatch: pytest.MonkeyPatch, kind: str, waits: bool
) -> None:
    waited: list[bool] = []

    def to(squares: torch.Tensor, device: torch.device, non_blocking: bool = False) -> torch.Tensor:
        waited.append(not non_blocking)
        return squares

    feed = HostFeed(cache, torch.device(kind))
    monkeypatch.setattr(feed, "_gathered", lambda indices: torch.zeros(len(indices), 4, 4, 3))
    monkeypatch.setattr(torch.Tensor, "to", to)
    feed.take([1, 2])
    list(feed.stream([[3]]))
    assert waited == [waits] * 2
