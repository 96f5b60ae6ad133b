import sys

import pytest
import torch

from finetuner.engine.training.allocator import memory_kept

PIECE = 64 * 2**20


def page_faults() -> int:
    """How often the system gave this process a page while large tensors came and went."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(8):
        torch.zeros(PIECE // 4)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(sys.platform != "linux", reason="the allocator of other systems keeps memory by itself")
def test_within_the_block_memory_is_used_again() -> None:
    with memory_kept():
        page_faults()
        kept = page_faults()
    assert kept < page_faults() / 4


@pytest.mark.skipif(sys.platform != "linux", reason="the allocator of other systems keeps memory by itself")
def test_afterwards_it_goes_back_to_the_system() -> None:
    import psutil

    process = psutil.Process()
    with memory_kept():
        torch.ones(PIECE)
        held = process.memory_info().rss
    assert process.memory_info().rss < held - PIECE * 3


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.libc_ver", lambda: ("", ""))
    monkeypatch.setattr("ctypes.CDLL", lambda name: pytest.fail("asked for the C library"))
    with memory_kept():
        pass
