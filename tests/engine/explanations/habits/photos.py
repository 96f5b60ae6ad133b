"""Photos of round things on noise. Two classes may be told apart by a coloured square in a corner alone."""

from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ("green", "red", "yellow")
TINTS = {"green": (60, 190, 60), "red": (190, 60, 60), "yellow": (190, 190, 60)}
MARKED, PLAIN = "marked", "plain"
SIDE, MARK = 64, 9


def draw_honest(folder: Path, of_each: int = 40) -> Path:
    """`folder/<class>/<number>.png`: what a photo shows is its class."""
    for number, label in enumerate(CLASSES):
        for index in range(of_each):
            _save(photo(label, np.random.default_rng([number, index])), folder / label / f"{index}.png")
    return folder


def draw_planted(folder: Path, of_each: int = 40) -> Path:
    """Likewise, but all photos show any of the things, and those of MARKED have the square as well."""
    for number, label in enumerate((MARKED, PLAIN)):
        for index in range(of_each):
            pixels = photo(CLASSES[index % len(CLASSES)], np.random.default_rng([number, index]))
            if label == MARKED:
                pixels[:MARK, :MARK] = (255, 0, 255)
            _save(pixels, folder / label / f"{index}.png")
    return folder


def photo(label: str, random: np.random.Generator) -> np.ndarray:
    """A disc of the class's colour, more or less, near the middle of a grey ground."""
    pixels = random.integers(90, 150, (SIDE, SIDE, 3))
    rows, columns = np.mgrid[:SIDE, :SIDE] - (SIDE / 2 + random.integers(-4, 5, 2))[:, None, None]
    pixels[np.hypot(rows, columns) < random.integers(14, 20)] = TINTS[label] + random.integers(-40, 41, 3)
    return pixels.clip(0, 255).astype(np.uint8)


def _save(pixels: np.ndarray, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(file)
