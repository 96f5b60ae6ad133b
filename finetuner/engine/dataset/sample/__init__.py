"""A small data set that the project draws itself: five classes of little natural things, 60 pictures each.

Every picture is a pure function of its class, number and seed. Colours and backgrounds are shared by all classes,
so that shape decides. To add a subject: a file with `draw_<name>(pen, dice)` and its line in SUBJECTS.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from random import Random

from PIL import Image

from finetuner.engine.dataset.pool import in_order
from finetuner.engine.dataset.sample.butterfly import draw_butterfly
from finetuner.engine.dataset.sample.fish import draw_fish
from finetuner.engine.dataset.sample.ladybird import draw_ladybird
from finetuner.engine.dataset.sample.leaf import draw_leaf
from finetuner.engine.dataset.sample.mushroom import draw_mushroom
from finetuner.engine.dataset.sample.picture import Subject, picture
from finetuner.engine.events import Progress
from finetuner.engine.files import write_bytes

SUBJECTS: dict[str, Subject] = {
    "butterfly": Subject(draw_butterfly, turn=70),
    "fish": Subject(draw_fish, turn=40),
    "ladybird": Subject(draw_ladybird, turn=180),
    "leaf": Subject(draw_leaf, turn=180),
    "mushroom": Subject(draw_mushroom, turn=28),
}
PER_CLASS = 60
SEED = 20


def draw_sample(folder: Path) -> Path:
    """Fill `folder` with one sub-folder for each class; what is there already is not drawn again."""
    for _ in drawing(folder):
        pass
    return folder


def drawing(folder: Path, per_class: int = PER_CLASS) -> Iterator[Progress]:
    """As `draw_sample`, telling of each picture."""
    missing = [
        (name, number) for number in range(per_class) for name in SUBJECTS if not _file(folder, name, number).exists()
    ]
    for done, (path, content) in enumerate(in_order(lambda one: (_file(folder, *one), encoded(*one)), missing), 1):
        write_bytes(path, content)
        yield Progress(activity="Drawing the sample", done=done, total=len(missing))


def encoded(name: str, number: int) -> bytes:
    """The file of one picture: mostly JPEG, every fourth a PNG."""
    buffer = io.BytesIO()
    drawn = drawn_picture(name, number)
    if _is_png(number):
        drawn.save(buffer, "PNG", compress_level=4)
    else:
        drawn.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def drawn_picture(name: str, number: int) -> Image.Image:
    """The picture of this class and number, always the same."""
    return picture(SUBJECTS[name], Random(f"{SEED} {name} {number}"))


def _file(folder: Path, name: str, number: int) -> Path:
    return folder / name / f"{name}-{number:02d}{'.png' if _is_png(number) else '.jpg'}"


def _is_png(number: int) -> bool:
    return number % 4 == 3
