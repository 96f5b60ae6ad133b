"""Image formats, recognised by their first bytes, never by the file's suffix.

To add one: a line in FORMATS (its Pillow plug-in and usual suffixes) and its signature in `recognise`.
Only plug-ins named here are ever offered to Pillow: its other forty parse hostile files too, or start programs.
"""

from dataclasses import dataclass
from functools import cache

from PIL import features

HEAD_BYTES = 64
"""So many bytes of a file are enough to recognise it."""


@dataclass(frozen=True)
class Format:
    """What a file is: the name people use, the Pillow plug-in that reads it, the suffixes it may carry."""

    name: str
    plugin: str
    suffixes: tuple[str, ...]


FORMATS: dict[str, Format] = {
    "JPEG": Format("JPEG", "JPEG", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo")),
    "PNG": Format("PNG", "PNG", (".png", ".apng")),
    "WebP": Format("WebP", "WEBP", (".webp",)),
    "TIFF": Format("TIFF", "TIFF", (".tif", ".tiff")),
    "BMP": Format("BMP", "BMP", (".bmp", ".dib")),
    "GIF": Format("GIF", "GIF", (".gif",)),
    "AVIF": Format("AVIF", "AVIF", (".avif",)),
    "HEIC": Format("HEIC", "HEIF", (".heic", ".heif", ".hif")),
}

_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}


def recognise(head: bytes) -> Format | None:
    """The format of a file that begins with `head` (at least 64 bytes, or the whole file); None: no image we read."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return FORMATS[name]
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FORMATS["WebP"]
    if head[:2] == b"BM" and len(head) >= 26 and head[6:10] == bytes(4):
        return FORMATS["BMP"]
    return _iso_media(head) if head[4:8] == b"ftyp" else None


def _iso_media(head: bytes) -> Format | None:
    """AVIF and HEIC share a container (ISO/IEC 23008-12); the brands in its first box tell them apart."""
    box = head[: int.from_bytes(head[:4], "big")]
    brands = {box[8:12], *(box[start : start + 4] for start in range(16, len(box), 4))}
    if brands & _AVIF_BRANDS:
        return FORMATS["AVIF"]
    return FORMATS["HEIC"] if brands & _HEIC_BRANDS else None


def missing_reader(format: Format) -> str:
    """Why this machine cannot read the format, with the fix; empty when it can."""
    if format.name == "HEIC" and not _register_heif():
        return "HEIC needs the optional reader: pip install pillow-heif"
    if format.name == "AVIF" and not features.check("avif"):
        return "AVIF needs a Pillow built with libavif"
    return ""


@cache
def _register_heif() -> bool:
    try:
        import pillow_heif
    except ImportError:
        return False
    pillow_heif.register_heif_opener()
    return True


_LEADS = (
    (b"%!PS", "PostScript"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"<svg", "an SVG drawing"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"8BPS", "a Photoshop document"),
    (b"\x00\x00\x01\x00", "a Windows icon"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
)


def nature(head: bytes) -> str:
    """What a file that is no readable image seems to be, to finish the sentence 'it is ...'."""
    if not head:
        return "empty"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for lead, name in _LEADS:
        if head.startswith(lead) or start.startswith(lead.lower()):
            return name
    if head[4:8] == b"ftyp":
        return "a video"
    if not head.strip(b"\x00"):
        return "nothing but zeros"
    return "text" if _is_text(head) else "of no known image format"


def _is_text(head: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\r\n\f" for byte in head) and b"\x7f" not in head
