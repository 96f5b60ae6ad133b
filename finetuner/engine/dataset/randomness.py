"""Random numbers that depend on (seed, epoch, sample) alone, so that a resumed run repeats them exactly."""

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def mix(*parts: int) -> int:
    """A 63-bit seed that differs whenever any part does."""
    text = ",".join(str(part) for part in parts).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") >> 1


def uniforms(seed: tuple[int, ...], samples: Iterable[int], count: int) -> NDArray[np.float64]:
    """N,count numbers from 0 to 1 (excluded); a row depends on `seed` and its sample's number alone.

    SplitMix64 (Steele, Lea and Flood, 2014), started anew for every sample.
    """
    numbers = np.fromiter(samples, np.uint64)
    start = _scrambled(numbers * _GOLDEN + np.uint64(mix(*seed)))
    steps = np.arange(1, count + 1, dtype=np.uint64) * _GOLDEN
    return (_scrambled(start[:, None] + steps) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _scrambled(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
