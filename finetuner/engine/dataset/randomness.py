"""Random numbers that depend on (seed, epoch, sample) alone, so that a resumed run repeats them exactly."""

import hashlib


def mix(*parts: int) -> int:
    """A 63-bit seed that differs whenever any part does."""
    text = ",".join(str(part) for part in parts).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") >> 1
