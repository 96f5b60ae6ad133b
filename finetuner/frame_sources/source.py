"""Which source a text means, opened."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from finetuner.engine.dataset.formats import FORMATS, HEAD_BYTES, recognise
from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources import FRAME_SOURCES
from finetuner.frame_sources.frame import Frame

SCHEMES = frozenset({"rtsp", "rtsps", "rtmp", "http", "https"})
NAMED = {"screen": "screen", "window": "window"} | dict.fromkeys(SCHEMES, "network")
"""What a text is that begins with this and a colon."""
MOTION_JPEG = frozenset({".mjpeg", ".mjpg"})


class FrameSource(Protocol):
    """A `with` block that gives frames. Iterating raises FinetunerError when the source fails."""

    def __enter__(self) -> Iterator[Frame]:
        """Open it. Raises FinetunerError when it cannot be opened."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Release the device or file."""
        ...


def open_source(text: str) -> FrameSource:
    """What a text names, by the table of `kind_of`. Raises FinetunerError when it is nothing."""
    module, _, attribute = FRAME_SOURCES[kind_of(text)].partition(":")
    made: Any = getattr(importlib.import_module(module), attribute)
    source: FrameSource = made(text)
    return source


def kind_of(text: str) -> str:
    """The key of `FRAME_SOURCES`. A file or folder named 0 is meant by ./0."""
    path = Path(text)
    if text.isascii() and text.isdigit():
        return "camera"
    if scheme := NAMED.get(text.partition(":")[0].lower() if ":" in text else ""):
        return scheme
    if path.is_dir():
        return "folder"
    if path.is_file():
        return "image" if _is_image(path) else "video"
    if text == "screen":
        return "screen"
    raise FinetunerError(
        f"There is nothing at {readable(text)}.",
        "Give an image, a folder, a video file, a camera's number, an address (rtsp://…), screen, or window:TITLE.",
    )


def _is_image(path: Path) -> bool:
    """Told from the content; but a motion JPEG begins like a JPEG, so there the name decides."""
    if path.suffix.lower() in MOTION_JPEG:
        return False
    try:
        with open(path, "rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise FinetunerError(f"{readable(path.name)} cannot be read: {error.strerror}.") from error
    return recognise(head) is not None if head else _is_named_image(path)


def _is_named_image(path: Path) -> bool:
    """An empty file is nothing but its name."""
    return any(path.suffix.lower() in format.suffixes for format in FORMATS.values())
