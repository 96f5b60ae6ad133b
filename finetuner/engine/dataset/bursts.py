"""Frames that were recorded in one go belong together: their file names say so, wherever the files are moved.

Two frames of one burst show nearly the same thing, so a split that parted them would judge a model on what it learned.
"""

import os
import re

_FRAME = re.compile(r"(burst-[0-9a-f]{8})-\d{4}\.jpg")


def frame_name(burst: str, number: int) -> str:
    """The file name of a burst's frame; `burst` is eight hexadecimal digits."""
    return f"burst-{burst}-{number:04}.jpg"


def burst_of(path: str) -> str:
    """The burst that a file belongs to, nothing for one that was not recorded here."""
    found = _FRAME.fullmatch(os.path.basename(path))
    return found[1] if found else ""
