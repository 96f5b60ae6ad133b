"""PNG files that say what they show."""

import io
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, PngImagePlugin

from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_bytes


def save(picture: Image.Image, path: Path, texts: Mapping[str, str]) -> str:
    """Write the picture with `texts` as PNG text chunks; its path. Raises FinetunerError when there is no room."""
    chunks = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        chunks.add_itxt(name, readable(text))
    content = io.BytesIO()
    picture.save(content, "PNG", pnginfo=chunks)
    try:
        write_bytes(path, content.getvalue())
    except OSError as error:
        raise FinetunerError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error
    return str(path)
