"""Pictures on their way to the screen."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.thumbnails import thumbnail
from finetuner.engine.errors import FinetunerError

# a grid fills squares: the short side of most photographs is to have as many pixels as the square
_LONGEST = 1.6


def load_image(path: str, side: int) -> QImage:
    """The image in a file for a grid or a viewer; `side` 0 gives every pixel, an unreadable file a null image."""
    try:
        return from_pillow(thumbnail(Path(path), round(side * _LONGEST)) if side else open_rgb(Path(path)))
    except (FinetunerError, OSError):
        return QImage()


def from_pillow(image: Image.Image) -> QImage:
    """A Pillow image (RGB) as a QImage that owns its pixels."""
    return from_array(np.asarray(image.convert("RGB")))


def from_array(pixels: np.ndarray) -> QImage:
    """An H x W x 3 uint8 array (RGB) as a QImage that owns its pixels."""
    height, width = pixels.shape[:2]
    pixels = np.ascontiguousarray(pixels)
    return QImage(pixels.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()
