"""A few images that travel with a model, and what the app answers to them."""

import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from finetuner.engine.backbones.deployed import Trained
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.exporter import Pixels
from finetuner.engine.exporters.held_out import HeldOut, drawn_images
from finetuner.engine.files import write_bytes, write_text

FOLDER = "samples"
EXPECTED = "expected.json"
TOLERANCE = 1e-3
_MOST = 5
_LONGEST = 640


def chosen(images: HeldOut, own: bool) -> Iterator[Pixels]:
    """Some of the user's `own`, spread over all, at most 640 pixels long; where there are none, a drawn one."""
    if not (own and images.paths):
        yield from islice(drawn_images(), 1, 2)
        return
    places = np.linspace(0, len(images) - 1, min(_MOST, len(images))).round().astype(int)
    yield from map(_reduced, HeldOut(tuple(images.paths[place] for place in places)))


def write_samples(trained: Trained, target: Path, images: Iterable[Pixels]) -> None:
    """Write `samples/1.png`, ... and `expected.json` into the folder `target`. Raises OSError."""
    app, told = app_model(trained), []
    for number, pixels in enumerate(images, 1):
        name = f"{FOLDER}/{number}.png"
        write_bytes(target / name, _png(pixels))
        shares = app(pixels)[0]
        told.append({"file": name, "label": trained.classes[int(shares.argmax())], "probabilities": shares.tolist()})
    expected = {"names": trained.classes, "tolerance": TOLERANCE, "samples": told}
    write_text(target / EXPECTED, json.dumps(expected, indent=1))


def _reduced(pixels: Pixels) -> Pixels:
    image = Image.fromarray(pixels)
    image.thumbnail((_LONGEST, _LONGEST))
    return np.asarray(image)


def _png(pixels: Pixels) -> bytes:
    """Lossless, so that every decoder sees the same pixels; and without what a camera noted of place and time."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()
