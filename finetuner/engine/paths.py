"""Where things live on this machine: runs, caches, settings, weights, and the shipped resources.

`FINETUNER_HOME` moves everything under one folder (tests, portable installations).
"""

import os
from pathlib import Path

import platformdirs

_APP = "finetuner"


def _home() -> Path | None:
    home = os.environ.get("FINETUNER_HOME")
    return Path(home) if home else None


def data_dir() -> Path:
    """What the user made and would miss: runs, the drawn sample, captured images."""
    return (_home() or Path(platformdirs.user_data_dir(_APP, appauthor=False))).absolute()


def runs_dir() -> Path:
    """The default parent of run folders."""
    return data_dir() / "runs"


def captures_dir() -> Path:
    """Where pictures and videos of the live page are saved: among the user's own pictures."""
    home = _home()
    return (home / "captures" if home else Path(platformdirs.user_pictures_dir()) / "Finetuner").absolute()


def cache_dir() -> Path:
    """What can be made again: measured precision choices, thumbnails, converted weights."""
    home = _home()
    return (home / "cache" if home else Path(platformdirs.user_cache_dir(_APP, appauthor=False))).absolute()


def settings_file() -> Path:
    """The window's preferences (JSON)."""
    home = _home()
    folder = home if home else Path(platformdirs.user_config_dir(_APP, appauthor=False))
    return (folder / "settings.json").absolute()


def resources() -> Path:
    """The shipped files: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"
