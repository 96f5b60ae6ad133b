"""File names: which are never looked at, what class one stands for, and how one that is not valid Unicode is shown."""

import unicodedata

SYSTEM_NAMES = frozenset(
    {
        "__macosx",
        "__pycache__",
        "@eadir",
        "#recycle",
        "$recycle.bin",
        "system volume information",
        "lost+found",
        "thumbs.db",
        "ehthumbs.db",
        "ehthumbs_vista.db",
        "desktop.ini",
        "icon\r",
    }
)


def is_ignored(name: str) -> bool:
    """Hidden (leading dot: `.git`, `.DS_Store`, `._photo.jpg`) or made by a system: not part of the data set."""
    return name.startswith(".") or name.lower() in SYSTEM_NAMES


def class_name(text: str) -> str:
    """The class that a folder or a manifest names: macOS takes letters like é apart, others keep them whole."""
    return unicodedata.normalize("NFC", text)


def readable(text: str) -> str:
    r"""A name as it can be printed and drawn: bytes that are no UTF-8 and control characters as `\xff`."""
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if 0xD800 <= code <= 0xDFFF:
        return f"\\u{code:04x}"
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
