"""The student as a backbone that every tool opens: safetensors and timm's config.json."""

import json
from pathlib import Path

import safetensors.torch

from finetuner.engine.backbones import pins
from finetuner.engine.files import sha256_of
from starter import student
from starter.teacher import MEAN, STD

TARGET = Path(__file__).resolve().parents[2] / "resources" / "backbones" / "starter"
SIZE = 160
CROP = 0.95


def publish(work: Path) -> None:
    """Write `model.safetensors` (half precision) and `config.json` from the last checkpoint."""
    state = safetensors.torch.load_file(work / "checkpoint.safetensors")
    prefix = "student.body."
    body = {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
    TARGET.mkdir(exist_ok=True)
    safetensors.torch.save_file(
        {name: value.half() if value.is_floating_point() else value for name, value in body.items()},
        TARGET / "model.safetensors",
        {"format": "pt"},
    )
    (TARGET / "model.safetensors").chmod(0o644)
    _pin(TARGET / "model.safetensors")
    (TARGET / "config.json").write_text(json.dumps(config(), indent=2) + "\n")


def _pin(file: Path) -> None:
    """Write the file's hash into the manifest beside its folder, so that it is checked at every load."""
    manifest = file.parents[1] / "hashes.json"
    pin = pins.Pin(sha256=sha256_of(file), size=file.stat().st_size)
    pins.write(manifest, pins.read(manifest) | {f"bundled/{file.parent.name}/{file.name}": pin})


def config() -> dict[str, object]:
    """What timm reads beside the weights."""
    return {
        "architecture": student.NAME,
        "num_classes": 0,
        "num_features": student.create().num_features,
        "global_pool": "avg",
        "pretrained_cfg": {
            "tag": TARGET.name,
            "input_size": [3, SIZE, SIZE],
            "test_input_size": None,
            "test_crop_pct": None,
            "interpolation": "bicubic",
            "crop_pct": CROP,
            "mean": [round(value, 3) for value in MEAN.flatten().tolist()],
            "std": [round(value, 3) for value in STD.flatten().tolist()],
            "num_classes": 0,
            "pool_size": [SIZE // 32, SIZE // 32],
            "first_conv": "conv_stem",
            "classifier": "classifier",
            "license": "apache-2.0",
        },
    }
