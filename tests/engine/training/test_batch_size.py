import json
from types import SimpleNamespace

import psutil
import pytest
import torch

from finetuner.engine import paths
from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies import draw
from finetuner.engine.training import batch_size as room
from finetuner.engine.training.batch_size import BatchSize, choose_batch_size, sizes_for
from finetuner.engine.training.trial import Trial
from tests.engine.tiny import tiny_network

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> list[list[float]]:
    """What measurements will find, one after the other; empty: measuring fails the test."""
    found: list[list[float]] = []
    monkeypatch.setattr(room, "_rates", lambda trial, sizes, precision: found.pop(0))
    return found


def free(monkeypatch: pytest.MonkeyPatch, of_images: float) -> None:
    """Let the free memory hold so many of the tiny network's images."""
    needed = Trial(tiny_network(image_size=32), CPU).kept_bytes("fp32")
    memory = SimpleNamespace(available=of_images * needed / room.SHARE)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)


def chosen(images: int, strategy: str = "full") -> BatchSize:
    network = tiny_network(image_size=32)
    plan = draw([block.name for block in network.blocks], StrategyPart(strategy=strategy), pretrained=True)
    return choose_batch_size(images, plan, CPU, network, "fp32")


@pytest.mark.parametrize(("images", "small", "large"), [(10, 16, 16), (1000, 16, 32), (60_000, 32, 64)])
def test_larger_sets_may_have_larger_batches(images: int, small: int, large: int) -> None:
    assert (sizes_for(images, CPU)[0], sizes_for(images, CPU)[-1]) == (small, large)


def test_only_a_gpu_is_asked_for_more() -> None:
    assert max(sizes_for(60_000, CUDA)) == 2 * max(sizes_for(60_000, CPU))


def test_a_small_set_is_not_measured(rates: list[list[float]]) -> None:
    assert chosen(200) == BatchSize(16)


def test_a_probe_takes_no_steps_and_is_not_measured(rates: list[list[float]]) -> None:
    assert chosen(5000, "probe") == BatchSize(16)


@pytest.mark.parametrize(("measured", "expected"), [([100.0, 120.0], 32), ([100.0, 104.0], 16), ([100.0, 80.0], 16)])
def test_the_smallest_that_is_nearly_as_quick_wins(
    rates: list[list[float]], measured: list[float], expected: int
) -> None:
    rates.append(measured)
    size = chosen(5000)
    assert size.images == expected
    assert f"{measured[0]:.0f} in batches of 16" in size.reason


def test_it_is_measured_once_and_remembered(rates: list[list[float]]) -> None:
    rates.append([100.0, 120.0])
    assert [chosen(5000).images for _ in range(3)] == [32] * 3
    assert len(json.loads((paths.cache_dir() / "batch_size.json").read_text())) == 1


def test_what_does_not_fit_is_not_considered(rates: list[list[float]], monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 20.5)
    assert chosen(5000) == BatchSize(16)
    free(monkeypatch, 9.5)
    assert chosen(5000).images == 8
    assert "do not fit" in chosen(200).reason
    free(monkeypatch, 0.5)
    assert chosen(5000).images == 1


def test_a_real_measurement_gives_a_rate_for_each_size() -> None:
    found = room._rates(Trial(tiny_network(image_size=32), CPU), [2, 4], "fp32")
    assert len(found) == 2
    assert min(found) > 0
