"""Markdown tables, and the machine they were taken on."""

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from itertools import chain


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    for row in chain((header, ["---"] * len(header)), rows):
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)


def machine() -> str:
    """Cores, processor, and the versions that matter."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "timm", "PySide6_Addons"))
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {versions}"
