"""The size of a JPEG or PNG from its first bytes, without opening it as an image.

Only where nothing is in doubt: with an EXIF block, which may turn the picture, or anything unusual, the answer is
None and the file is opened properly. To be used where a wrong size does no harm: a whole check follows.
"""

import struct

FIRST_BYTES = 4096
"""So many bytes hold the header of most small files."""

_PLAIN_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_SKIPPED = frozenset({0xC4, 0xDB, 0xDD, 0xE0, *range(0xE2, 0xF0), 0xFE})
"""Tables, comments, and application blocks but EXIF and XMP (E1)."""
_SEGMENT = struct.Struct(">BBH")
_FRAME = struct.Struct(">BHH")
_PNG_SIZE = struct.Struct(">II")


def quick_size(plugin: str, head: bytes) -> tuple[int, int] | None:
    """Width and height by the first `FIRST_BYTES` of a file, or all it has; None where Pillow must be asked."""
    size = _jpeg_size(head) if plugin == "JPEG" else _png_size(head) if plugin == "PNG" else None
    return size if size and all(size) else None


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    """Go from segment to segment up to the frame header."""
    place = 2
    while place + _SEGMENT.size + _FRAME.size <= len(head):
        lead, marker, length = _SEGMENT.unpack_from(head, place)
        if lead == 0xFF and marker in _PLAIN_FRAMES:
            _, height, width = _FRAME.unpack_from(head, place + _SEGMENT.size)
            return width, height
        if lead != 0xFF or marker not in _SKIPPED:
            return None
        place += 2 + length
    return None


def _png_size(head: bytes) -> tuple[int, int] | None:
    """What precedes the pixels must be in sight, for it might turn them."""
    before, pixels, _ = head.partition(b"IDAT")
    if not pixels or before[12:16] != b"IHDR" or b"eXIf" in before or b"Raw profile" in before:
        return None
    width, height = _PNG_SIZE.unpack_from(before, 16)
    return width, height
