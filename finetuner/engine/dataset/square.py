"""The whole centre square of an image, as training's cached pixels and the augmentation preview start from it."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def central_square(image: Image.Image, side: int, resampling: Image.Resampling) -> NDArray[np.uint8]:
    """The largest square around the centre, resized: side,side,3 uint8."""
    shorter = min(image.size)
    left, top = (image.width - shorter) // 2, (image.height - shorter) // 2
    square = image.crop((left, top, left + shorter, top + shorter))  # resize(box=...) would look beyond its edge
    return np.array(square.resize((side, side), resampling))
