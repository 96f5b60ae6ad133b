"""Small pictures for a grid: quick, and without torch."""

from pathlib import Path

from PIL import Image

from finetuner.engine.dataset.decode import open_rgb


def thumbnail(path: Path, side: int) -> Image.Image:
    """The image in `path`, upright, RGB, fitted into a square of `side` pixels. Raises UnreadableImage."""
    image = open_rgb(path, at_least=side)
    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
