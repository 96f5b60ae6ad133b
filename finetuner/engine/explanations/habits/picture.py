"""Where a class is looked for on average, on its average photo; the border is marked."""

from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw

from finetuner.engine.explanations.habits.places import CELLS, RING
from finetuner.engine.explanations.habits.tally import Tally
from finetuner.engine.explanations.keep import save
from finetuner.engine.explanations.render import normalised, overlay
from finetuner.engine.explanations.tiles import levels

SIDE = 320
_LINE = (255, 255, 255)


def draw(tally: Tally, number: int, folder: Path, texts: Mapping[str, str]) -> str:
    """Write the picture of class `number`; its path. Raises FinetunerError when there is no room."""
    photo = Image.fromarray(levels(tally.mean_photo.numpy())).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    picture = overlay(photo, normalised(tally.mean_heat.numpy()), 1000)
    edge = SIDE * RING // CELLS
    ImageDraw.Draw(picture).rectangle((edge, edge, SIDE - 1 - edge, SIDE - 1 - edge), outline=_LINE)
    return save(picture, folder / f"{number:04}-{_plain(texts['class'])}.png", texts)


def _plain(name: str) -> str:
    """A class's name as part of a file name."""
    return "".join(character if character.isalnum() and character.isascii() else "-" for character in name)[:60]
