import json
from pathlib import Path

import pytest

from finetuner.cli.app import main
from finetuner.engine.backbones import on_disk
from tests.engine.backbones.tiny import weight_file


@pytest.fixture(autouse=True)
def _one_on_disk() -> None:
    weight_file(on_disk.weights_dir(), "test_resnet").rename(on_disk.weights_dir() / "test_resnet.mine.safetensors")


def test_json_ranks_with_intervals_and_says_why(photos: Path, capfd: pytest.CaptureFixture) -> None:
    assert main(["advise", str(photos), "--backbone", "test_resnet.mine", "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert set(found) == {"ranking", "frontier", "sentence", "images"}
    (first,) = found["ranking"]
    assert first["name"] == "test_resnet.mine"
    assert first["low"] < first["accuracy"] <= first["high"]


def test_plain_output_is_a_table_and_a_sentence(photos: Path, capfd: pytest.CaptureFixture) -> None:
    assert main(["advise", str(photos), "--backbone", "test_resnet.mine"]) == 0
    told = capfd.readouterr().out
    assert " LogME " in told
    assert "test_resnet.mine * " in told
    assert "test_resnet.mine named" in told


def test_a_folder_without_images_is_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    assert main(["advise", str(tmp_path)]) == 1
    assert str(tmp_path) in capfd.readouterr().err
