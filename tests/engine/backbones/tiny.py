"""Weight files in miniature, and the places where weights may lie."""

from pathlib import Path

import safetensors.torch
import timm
import torch
from torch import Tensor

from finetuner.engine.backbones import on_disk

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def state_of(name: str, seed: int = 0, classes: int = 1000) -> dict[str, Tensor]:
    torch.manual_seed(seed)
    return dict(timm.create_model(name, num_classes=classes).state_dict())


def weight_file(folder: Path, name: str, prefix: str = "", seed: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.safetensors"
    safetensors.torch.save_file({prefix + key: value for key, value in state_of(name, seed).items()}, path)
    return path


def put_into_hub_cache(repository: str, name: str) -> Path:
    folder = on_disk.hub_cache() / f"models--{repository.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text(COMMIT)
    return weight_file(folder / "snapshots" / COMMIT, name).rename(folder / "snapshots" / COMMIT / "model.safetensors")
