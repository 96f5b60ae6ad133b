"""Which weights lie on this disk. Torch-free and cheap: a few file look-ups for each name, no library asked.

Three places: the user's weights folder (files named after their architecture, as timm does:
`resnet18.a1_in1k.safetensors`), the Hugging Face cache, and torchvision's download cache.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from finetuner.engine import paths

SUFFIXES = (".safetensors", ".pth", ".pt", ".bin", ".ckpt")
HUB_FILES = ("model.safetensors", "pytorch_model.bin")


def weights_dir() -> Path:
    """The user's own folder of weight files."""
    return paths.data_dir() / "weights"


def local_files() -> Iterator[Path]:
    """The weight files in the weights folder, by name."""
    folder = weights_dir()
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES and path.is_file())


def local_name(path: Path) -> str:
    """`mobilenetv2_100.imagenet.safetensors` -> `mobilenetv2_100.imagenet`; `--` stands for `/`."""
    return path.name.removesuffix(path.suffix).replace("--", "/")


def local_architecture(path: Path) -> str:
    """The architecture that a weight file's name tells: what stands before the first dot.

    `torchvision--resnet18.safetensors` -> `torchvision/resnet18`.
    """
    return path.name.split(".")[0].replace("--", "/")


def hub_file(repository: str, filename: str = "") -> Path | None:
    """The cached weights of a Hugging Face repository (`owner/name`, also `owner/name@revision`)."""
    name, _, revision = repository.partition("@")
    folder = hub_cache() / f"models--{name.replace('/', '--')}"
    reference = folder / "refs" / (revision or "main")
    commit = reference.read_text("ascii", "replace").strip() if reference.is_file() else revision
    if not re.fullmatch(r"[0-9a-f]{40}", commit):
        return None
    candidates = (folder / "snapshots" / commit / name for name in ((filename,) if filename else HUB_FILES))
    return next((path for path in candidates if path.is_file()), None)


def torch_file(filename: str) -> Path | None:
    """A file in torchvision's download cache."""
    path = torch_cache() / filename
    return path if path.is_file() else None


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def hub_cache() -> Path:
    """Where the Hugging Face client keeps what it downloads."""
    home = Path(os.environ.get("HF_HOME") or _user_cache() / "huggingface").expanduser()
    return Path(os.environ.get("HF_HUB_CACHE") or home / "hub").expanduser()


def torch_cache() -> Path:
    """Where torchvision keeps what it downloads."""
    home = Path(os.environ.get("TORCH_HOME") or _user_cache() / "torch").expanduser()
    return home / "hub" / "checkpoints"


def cached_repositories() -> frozenset[str]:
    """The repositories (`owner/name`) of which the Hugging Face cache has a folder, complete or not; one look."""
    cache = hub_cache()
    folders = (path.name.split("--") for path in cache.glob("models--*")) if cache.is_dir() else ()
    return frozenset("/".join(parts[1:]) for parts in folders)
