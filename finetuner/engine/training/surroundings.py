"""What the doctor sees besides devices: versions, display, camera, disk, network switch. Torch-free."""

import glob
import os
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import finetuner
from finetuner.engine import paths

_PACKAGES = {
    "torch": "torch",
    "torchvision": "torchvision",
    "timm": "timm",
    "PySide6": "PySide6_Addons",
    "onnxruntime": "onnxruntime",
    "Pillow": "Pillow",
}


def versions() -> dict[str, str]:
    """Installed versions, read from the packages' records without importing them."""
    own = {"finetuner": finetuner.__version__, "python": sys.version.split()[0]}
    return own | {name: _version(package) for name, package in _PACKAGES.items()}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def surroundings() -> dict[str, str]:
    """Display, camera, disk and network, as far as they can be told without opening any."""
    return {"display": _display(), "camera": _camera(), "runs folder": _disk(paths.runs_dir()), "network": _network()}


def _display() -> str:
    if sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return "available"
    return "none (no DISPLAY or WAYLAND_DISPLAY): the command line works, the window needs one"


def _camera() -> str:
    if sys.platform != "linux":
        return "listed on the Live page"
    nodes = sorted(glob.glob("/dev/video*"))
    return ", ".join(nodes) if nodes else "none found (no /dev/video*)"


def _disk(folder: Path) -> str:
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return f"{folder}, {shutil.disk_usage(existing).free / 1e9:.1f} GB free"


def _network() -> str:
    offline = os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")
    return "switched off by HF_HUB_OFFLINE" if offline else "used only when you ask for a download"
