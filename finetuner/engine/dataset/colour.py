"""How pixels of any kind become 8-bit RGB: one rule, used wherever an image is opened.

- 8-bit RGB stays as it is; grey is repeated three times; 1-bit becomes 0 and 255.
- 16-bit values are divided by 257, so that 65535 becomes 255; nothing is clipped.
- Floats, and integers beyond 0..65535, are stretched from their smallest and largest finite value to 0..255
  (not-a-number and infinities count as the smallest); a constant image becomes black.
- Transparency in any form is laid over white: the hidden colour of a transparent pixel never shows.
- CMYK, YCbCr, LAB and HSV go through Pillow's conversion; embedded colour profiles are not applied.
"""

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np

BACKGROUND = (255, 255, 255)
_ALPHA_MODES = {"RGBA", "LA", "PA", "La", "RGBa"}


def to_rgb(image: Image.Image) -> Image.Image:
    """The image as 8-bit RGB by the rule above. Raises ValueError where Pillow knows no conversion."""
    if image.mode.startswith("I;16"):
        return _grey(_sixteen_to_eight(_values(image)))
    if image.mode in ("I", "F"):
        return _grey(_wide_to_eight(_values(image)))
    if image.mode in _ALPHA_MODES or "transparency" in image.info:
        return _over_background(image)
    return image if image.mode == "RGB" else image.convert("RGB")


def is_plain_grey(image: Image.Image) -> bool:
    """Whether the image is 8-bit grey without transparency, so that the rule would only repeat it three times."""
    return image.mode == "L" and "transparency" not in image.info


def is_stretched(image: Image.Image) -> bool:
    """Whether the rule stretches this image from its own smallest and largest value."""
    if image.mode == "I":
        lowest, highest = image.getextrema()
        return bool(lowest < 0 or highest > 65535)  # type: ignore[operator]
    return image.mode == "F"


def _values(image: Image.Image) -> "np.ndarray":
    import numpy as np

    # a byte order other than the machine's confuses Pillow's own conversions; numpy reads each for what it is
    return np.asarray(image)


def _sixteen_to_eight(values: "np.ndarray") -> "np.ndarray":
    return ((values.astype("uint32") + 128) // 257).astype("uint8")


def _wide_to_eight(values: "np.ndarray") -> "np.ndarray":
    if values.dtype.kind == "i" and values.min() >= 0 and values.max() <= 65535:
        return _sixteen_to_eight(values)
    return _stretched(values.astype("float64"))


def _stretched(values: "np.ndarray") -> "np.ndarray":
    import numpy as np

    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(values.shape, "uint8")
    lowest, highest = values[finite].min(), values[finite].max()
    values[~finite] = lowest
    # halves keep the difference of two huge floats finite
    values = (values / 2 - lowest / 2) / max(highest / 2 - lowest / 2, np.finfo("float64").tiny)
    return np.rint(values * 255).astype("uint8")


def _grey(values: "np.ndarray") -> Image.Image:
    return Image.fromarray(values, "L").convert("RGB")


def _over_background(image: Image.Image) -> Image.Image:
    layer = _with_alpha(image)
    canvas = Image.new("RGB", layer.size, BACKGROUND)
    canvas.paste(layer, mask=layer.getchannel("A"))
    return canvas


def _with_alpha(image: Image.Image) -> Image.Image:
    if image.mode == "La":
        return image.convert("LA").convert("RGBA")
    if image.mode in ("PA", "RGBa", "LA", "RGBA", "P", "L", "1", "RGB"):
        return image.convert("RGBA")
    return image.convert("RGB").convert("RGBA")
