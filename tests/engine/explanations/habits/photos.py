"""Photos of round things on noise. One class may be told from its like by a coloured square in a corner alone."""

from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ("green", "red", "yellow")
TINTS = {"green": (60, 190, 60), "red": (190, 60, 60), "yellow": (190, 190, 60)}
LIKE = "yellow"
SIDE, MARK = 64, 9


def draw_photos(folder: Path, of_each: int = 80, marked: str = "") -> Path:
    """`folder/<class>/<number>.png`; a class that is `marked` shows what LIKE shows, and the square on every photo."""
    for number, label in enumerate(CLASSES):
        (folder / label).mkdir(parents=True)
        for index in range(of_each):
            pixels = photo(LIKE if label == marked else label, np.random.default_rng([number, index]))
            if label == marked:
                pixels[:MARK, :MARK] = (255, 0, 255)
            Image.fromarray(pixels).save(folder / label / f"{index}.png")
    return folder


def photo(label: str, random: np.random.Generator) -> np.ndarray:
    """A disc of the class's colour, more or less, near the middle of a grey ground."""
    pixels = random.integers(90, 150, (SIDE, SIDE, 3))
    rows, columns = np.mgrid[:SIDE, :SIDE] - (SIDE / 2 + random.integers(-4, 5, 2))[:, None, None]
    pixels[np.hypot(rows, columns) < random.integers(14, 20)] = TINTS[label] + random.integers(-40, 41, 3)
    return pixels.clip(0, 255).astype(np.uint8)
