"""Pictures on their way to the screen."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from finetuner.engine.errors import FinetunerError

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

# a grid fills squares: the short side of most photographs is to have as many pixels as the square
_LONGEST = 1.6


def load_image(path: str, side: int) -> QImage:
    """The image in a file for a grid or a viewer; `side` 0 gives every pixel, an unreadable file a null image."""
    # called in a loading thread: decoders (and numpy) are imported there, after the first paint
    from finetuner.engine.dataset.decode import open_rgb
    from finetuner.engine.dataset.thumbnails import thumbnail

    try:
        return from_pillow(thumbnail(Path(path), round(side * _LONGEST)) if side else open_rgb(Path(path)))
    except (FinetunerError, OSError):
        return QImage()


def from_pillow(image: "Image.Image") -> QImage:
    """A Pillow image as an RGB QImage that owns its pixels."""
    rgb = image.convert("RGB")
    return _owned(rgb.tobytes(), rgb.width, rgb.height)


def from_array(pixels: "np.ndarray") -> QImage:
    """An H x W x 3 uint8 array (RGB) as a QImage that owns its pixels."""
    height, width = pixels.shape[:2]
    rows = pixels if pixels.flags.c_contiguous else pixels.copy()
    return _owned(rows.data, width, height)


def to_array(image: QImage) -> "np.ndarray":
    """Every pixel of a QImage as uint8, H x W x 3 (RGB), in memory of its own."""
    import numpy as np

    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).copy()


def _owned(pixels: bytes | memoryview, width: int, height: int) -> QImage:
    return QImage(pixels, width, height, width * 3, QImage.Format.Format_RGB888).copy()
