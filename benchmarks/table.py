"""Markdown tables, and the machine they were taken on."""

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from itertools import chain


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    for line in _lines(header, rows):
        print(line, flush=True)


def markdown(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return "\n".join(_lines(header, rows))


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    for row in chain((header, ["---"] * len(header)), rows):
        yield "| " + " | ".join(str(cell) for cell in row) + " |"


def machine() -> str:
    """Cores, processor, and the versions that matter."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "timm", "PySide6_Addons"))
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {versions}"
