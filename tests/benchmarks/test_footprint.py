import os
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.footprint import Footprint, anonymous_mb

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")


def test_memory_that_is_held_is_counted() -> None:
    with Footprint(os.getpid()) as before:  # with the processes that other tests have left running
        pass
    with Footprint(os.getpid()) as footprint:
        held = np.ones(100_000_000, np.uint8)
    assert held.nbytes / 1e6 * 0.9 < footprint.peak_mb - before.peak_mb < held.nbytes / 1e6 * 1.5


def test_pages_of_a_mapped_file_are_not_counted(tmp_path: Path) -> None:
    before = anonymous_mb()
    mapped = np.memmap(tmp_path / "file", np.uint8, mode="w+", shape=100_000_000)
    mapped[:] = 1
    assert anonymous_mb() - before < 50
