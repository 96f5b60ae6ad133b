import pytest

from finetuner.engine.dataset.formats import FORMATS, nature, recognise


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(60), "JPEG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"II*\x00" + bytes(20), "TIFF"),
        (b"MM\x00+" + bytes(20), "TIFF"),
        (b"BM" + bytes(60), "BMP"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1miaf", "AVIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
    ],
)
def test_each_format_is_known_by_its_first_bytes(head: bytes, name: str):
    assert recognise(head) is FORMATS[name]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "empty"),
        (b"hello, world", "text"),
        ("grüße".encode(), "text"),
        (b"\xef\xbb\xbf  <SVG xmlns=", "SVG"),
        (b"<!DOCTYPE HTML><html>", "a web page"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04rest", "zip"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "no known image format"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "video"),
        (bytes(64), "zeros"),
        (b"BM is my car", "text"),
    ],
)
def test_what_is_no_image_is_named(head: bytes, words: str):
    assert recognise(head) is None
    assert words in nature(head)
