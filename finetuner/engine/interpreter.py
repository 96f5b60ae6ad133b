"""How a Python process of the engine's own is started: away from modules that lie in the current folder."""

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def command(module: str, *arguments: str) -> list[str]:
    """The words that run `module`; -P keeps the current folder, with perhaps a stranger's torch.py, off the path."""
    return [sys.executable, "-P", "-m", module, *arguments]


def search_path() -> str:
    """The child's PYTHONPATH: this package, then what the user has set, relative folders left out."""
    inherited = (part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if os.path.isabs(part))
    return os.pathsep.join([str(_PACKAGE), *inherited])
