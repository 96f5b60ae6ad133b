from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import Tensor

from finetuner.engine.backbones.carry.content import content_hash, refuse_altered

ONE = {"a": torch.arange(6.0), "b": torch.tensor(3), "c": torch.ones(2, dtype=torch.bfloat16), "d": torch.zeros(0)}


def test_the_order_and_the_file_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "one.safetensors"
    safetensors.torch.save_file(ONE, path, {"any": "label"})
    assert content_hash(safetensors.torch.load_file(path)) == content_hash(dict(reversed(ONE.items())))


@pytest.mark.parametrize(
    "changed",
    [
        {"a": torch.arange(6.0).view(2, 3)},
        {"a": torch.arange(6.0).view(torch.int32)},
        {"a": torch.arange(1.0, 7.0)},
        {"e": torch.zeros(0)},
    ],
    ids=["shape", "dtype", "value", "name"],
)
def test_everything_else_does(changed: dict[str, Tensor]) -> None:
    assert content_hash(ONE | changed) != content_hash(ONE)


def test_a_file_without_label_promises_nothing(tmp_path: Path) -> None:
    path = tmp_path / "one.safetensors"
    safetensors.torch.save_file(ONE, path)
    refuse_altered(path, {"a": torch.zeros(1)})
    assert path.is_file()
