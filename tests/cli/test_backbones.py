import json
import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import safetensors.torch
import timm

from finetuner.cli.app import main
from finetuner.cli.backbones import backbones
from finetuner.engine.backbones import on_disk
from finetuner.engine.backbones.sources import SOURCES


@pytest.fixture(autouse=True)
def _empty_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    on_disk.weights_dir().mkdir(parents=True)
    path = on_disk.weights_dir() / "test_resnet.mine.safetensors"
    safetensors.torch.save_file(timm.create_model("test_resnet").state_dict(), path)
    return path


def test_the_shelf_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backbones", "--search", "mobilenetv2_100", "--source", "timm", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["name"], row["available"]) == ("mobilenetv2_100.ra_in1k", False)


def test_the_shelf_as_a_table(capsys: pytest.CaptureFixture[str], weights: Path) -> None:
    assert main(["backbones", "--available"]) == 0
    assert "2 backbones, 2 on disk" in capsys.readouterr().out


def test_the_table_tells_what_a_backbone_costs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backbones", "--search", "convnext_nano.in12k_ft_in1k"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "convnext_nano.in12k" in line)
    cells = re.split(r"\s{2,}", line.strip())
    assert cells[1:5] == ["82.3", "15.6", "2.45", "224"]
    assert len(cells) == 9, "the time on this machine is not known yet"
    assert cells[-3:] == ["download 62 MB", "apache-2.0", "recommended: balanced"]


def test_backbones_are_timed_when_asked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil.cpu_percent", lambda interval: 3.0)
    assert main(["backbones", "--time", "--search", "test_resnet.r160", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["backbone"], told["image_size"]) == ("test_resnet.r160_in1k", 160)
    assert main(["backbones", "--search", "test_resnet.r160", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["milliseconds"] == pytest.approx(told["milliseconds"], abs=1e-3)


def test_a_weight_file_is_looked_into(capsys: pytest.CaptureFixture[str], weights: Path) -> None:
    assert main(["backbones", "--inspect", str(weights), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["backbone"], told["loaded"]) == ("test_resnet", told["total"])


def test_a_download_without_network_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backbones", "--download", "resnet18"]) == 1
    said = capsys.readouterr().err
    assert "switched off by HF_HUB_OFFLINE" in said
    assert len(said.strip().splitlines()) == 1


def test_an_unknown_source_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backbones", "--source", "keras"]) == 2
    assert "keras" in capsys.readouterr().err


def test_every_source_can_be_asked_for() -> None:
    choices, _ = get_args(get_type_hints(backbones)["source"])
    assert list(get_args(choices)) == list(SOURCES)


def test_weights_are_carried_from_one_machine_to_another(
    capsys: pytest.CaptureFixture[str], weights: Path, tmp_path: Path
) -> None:
    file = tmp_path / "stick.safetensors"
    assert main(["backbones", "--carry-out", "test_resnet.mine", "--out", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"backbone": "test_resnet.mine", "path": str(file)}
    assert main(["backbones", "--carry-in", str(file)]) == 0
    assert f"test_resnet.mine is on disk: {weights}" in capsys.readouterr().out


def test_a_carry_file_is_named_after_its_backbone(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["backbones", "--carry-out", "test_resnet.mine"]) == 0
    assert (tmp_path / "test_resnet.mine.safetensors").is_file()
