import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from finetuner.engine.backbones.carry.label import KEY, Label, read_label
from finetuner.engine.backbones.on_disk import local_architecture
from finetuner.engine.errors import FinetunerError

LABEL = Label(
    backbone="net.tag", architecture="net", licence="mit", origin="owner/net", published="1" * 64, content="2" * 64
)


def labelled(path: Path, metadata: dict[str, str] | None) -> Path:
    safetensors.numpy.save_file({"weight": np.zeros(3)}, path, metadata)
    return path


def test_a_label_is_read_again(tmp_path: Path) -> None:
    assert read_label(labelled(tmp_path / "net.safetensors", LABEL.metadata())) == LABEL


@pytest.mark.parametrize(
    ("backbone", "architecture", "filename"),
    [
        ("net.tag", "net", "net.tag.safetensors"),
        ("torchvision/net", "torchvision/net", "torchvision--net.safetensors"),
        ("starter", "net", "net.starter.safetensors"),
    ],
)
def test_a_file_is_called_so_that_its_architecture_is_known(backbone: str, architecture: str, filename: str) -> None:
    label = LABEL.model_copy(update={"backbone": backbone, "architecture": architecture})
    assert label.filename == filename
    assert local_architecture(Path(filename)) == architecture


def test_other_files_have_none(tmp_path: Path) -> None:
    (tmp_path / "broken.safetensors").write_bytes(b"\xff" * 20)
    (tmp_path / "net.pth").write_bytes(b"PK")
    others = [labelled(tmp_path / "plain.safetensors", None), *tmp_path.glob("broken*"), *tmp_path.glob("*.pth")]
    assert [read_label(path) for path in [*others, tmp_path / "missing.safetensors"]] == [None] * 4


def test_a_damaged_label_is_no_missing_one(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="damaged carry file"):
        read_label(labelled(tmp_path / "net.safetensors", {KEY: '{"backbone": 3}'}))


def test_the_window_can_ask_without_torch() -> None:
    look = "import finetuner.engine.backbones.carry.label, sys; print('torch' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
