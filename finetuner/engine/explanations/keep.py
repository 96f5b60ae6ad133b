"""PNG files that say what they show, and maps as they are, to be judged later."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, PngImagePlugin

from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_output

if TYPE_CHECKING:
    from torch import Tensor

_MAP = "map"


def save(picture: Image.Image, path: Path, texts: Mapping[str, str]) -> str:
    """Write the picture with `texts` as PNG text chunks; its path. Raises FinetunerError when there is no room."""
    chunks = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        chunks.add_itxt(name, readable(text))
    content = io.BytesIO()
    picture.save(content, "PNG", pnginfo=chunks)
    _write(path, content.getvalue())
    return str(path)


def texts_of(path: Path) -> dict[str, str]:
    """What a PNG file says of itself. Raises FinetunerError when it cannot be read."""
    try:
        with Image.open(path, formats=("PNG",)) as picture:
            return {str(name): str(text) for name, text in getattr(picture, "text", {}).items()}
    except (OSError, ValueError) as error:
        raise FinetunerError(f"{path} cannot be read: {error}.", "Make the picture again.") from error


def save_map(found: "Tensor", path: Path) -> None:
    """Write a map h,w with every digit. Raises FinetunerError when there is no room."""
    from safetensors.torch import save  # with torch: the window, which saves pictures, has none

    _write(path, save({_MAP: found.contiguous()}))


def read_map(path: Path) -> "Tensor":
    """The map h,w that `save_map` wrote. Raises FinetunerError when there is none."""
    from finetuner.engine.backbones import safetensors_file

    found = safetensors_file.read(path).get(_MAP)
    if found is None or found.ndim != 2:
        raise FinetunerError(f"{path} holds no map.", "Explain the image again.")
    return found


def _write(path: Path, content: bytes) -> None:
    try:
        write_output(path, content)
    except OSError as error:
        raise FinetunerError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error
