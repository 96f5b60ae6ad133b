"""Frames that show nothing new are left out: a hand that holds still would record one picture a hundred times.

Compared is what the near-copies of a data set are found by, the frame shrunk to 17 x 16 grey values; but the values
themselves, for a hash of them says little of flat pictures, and a small thing that moves changes few of its bits.
"""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from finetuner.engine.dataset.likeness import shrunk

VISIBLE = 8
"""Grey levels of 255. Averaged over hundreds of pixels, a camera's noise stays below one."""
_CELLS = 17 * 16

Look = NDArray[np.int16]


def look_of(image: Image.Image) -> Look:
    """What frames are compared by: 272 grey values."""
    return np.frombuffer(shrunk(image), np.uint8).astype(np.int16)


class Thinning:
    """Remembers the looks of what is kept, by class. Two classes may share a look: that is for the user to see."""

    def __init__(self) -> None:
        self._looks: defaultdict[str, dict[str, Look]] = defaultdict(dict)

    def is_new(self, look: Look, label: str) -> bool:
        """Whether some part of the picture differs visibly from each frame of its class."""
        known = self._looks[label]
        if not known:
            return True
        differences = np.abs(np.stack(list(known.values())) - look).max(axis=1)
        return bool((differences > VISIBLE).all())

    def remember(self, look: Look, label: str, path: str) -> None:
        """A frame with this look is kept."""
        assert look.shape == (_CELLS,)
        self._looks[label][path] = look

    def forget(self, label: str, path: str) -> None:
        """A frame is not kept any more."""
        self._looks[label].pop(path, None)

    def rename(self, old: str, new: str) -> None:
        """A class has another name."""
        self._looks[new] = self._looks.pop(old, {})
