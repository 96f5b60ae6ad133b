"""How sure a share is."""

import math


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The score interval of a share `hits / n` (Wilson, 1927); z = 1.96 gives 95 %.

    Unlike the normal interval it stays within 0..1 and is honest for small n and for 0 or n hits.
    With n = 0 nothing is known: (0, 1).
    """
    if n == 0:
        return 0.0, 1.0
    share, scale = hits / n, 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if hits == 0 else centre - half
    high = 1.0 if hits == n else centre + half
    return low, high
