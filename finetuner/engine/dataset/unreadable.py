"""An image that gives no pixels, and why, in words: whatever a decoder raises on a file becomes one error."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError

PathLike = str | Path

DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    MemoryError,
    RuntimeError,
    UserWarning,
    struct.error,
    zlib.error,
)
"""What Pillow's plug-ins have raised on damaged files."""

_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class UnreadableImage(FinetunerError):  # noqa: N818 - it names the image, as the sentence to the user does
    """A file that gives no pixels. `reason` is the bare why, for a list that shows the path beside it."""

    def __init__(self, path: PathLike, reason: str) -> None:
        super().__init__(f"The image {readable(Path(path).name)} cannot be used: {reason}.")
        self.reason = reason


@contextmanager
def told_as_unreadable(path: PathLike) -> Iterator[None]:
    """Whatever goes wrong within the block comes out as UnreadableImage."""
    try:
        yield
    except FinetunerError:
        raise
    except _BOMBS:
        raise UnreadableImage(path, "over 50 megapixels") from None
    except OSError as error:
        raise UnreadableImage(path, _system_reason(error)) from error
    except DECODER_ERRORS as error:
        raise UnreadableImage(path, _damage(error)) from error


def _system_reason(error: OSError) -> str:
    """A missing or forbidden file has an error number; damage found by a decoder has none."""
    if isinstance(error, FileNotFoundError):
        return "the file is missing"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    return f"cannot be read: {error.strerror}" if error.errno else _damage(error)


def _damage(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "too large for this machine's memory"
    # this one's text quotes the file's name, which may say anything
    text = "" if isinstance(error, UnidentifiedImageError) else str(error).lower()
    if any(word in text for word in ("truncated", "not enough", "premature", "incomplete", "end of file")):
        return "truncated: the end of the file is missing"
    return "damaged or cut short: its content cannot be decoded"
