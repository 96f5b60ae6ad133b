import json
from pathlib import Path

import pytest
import timm
import torch

from finetuner.engine.backbones.deployed import Deployed, load_best, save_best
from finetuner.engine.backbones.network import Network, build
from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import BackbonePart

CLASSES = ("ant", "bee", "cow")
NAMES = ("test_resnet", "test_vit", "deit_tiny_distilled_patch16_224", "torchvision/mobilenet_v3_small")


def network(name: str, image_size: int | None = None) -> Network:
    torch.manual_seed(1)
    made = build(BackbonePart(backbone=name, pretrained=False, image_size=image_size), len(CLASSES))
    made.model.eval()
    return made


def photos() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (2, 90, 130, 3), dtype=torch.uint8, generator=generator)


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_model_answers_as_it_did(tmp_path: Path, name: str) -> None:
    made = network(name)
    save_best(tmp_path / "best", made, CLASSES, temperature=1.7)
    trained = load_best(tmp_path)
    with torch.no_grad():
        probabilities, logits = trained.deployed(photos())
        expected, raw = Deployed(made.model, made.preprocessing, 1.7)(photos())
    assert torch.equal(probabilities, expected)
    assert torch.equal(logits, raw)
    assert (trained.classes, trained.temperature) == (CLASSES, 1.7)
    assert (trained.network.name, trained.network.source) == (made.name, made.source)
    assert [block.name for block in trained.network.blocks] == [block.name for block in made.blocks]


@pytest.mark.parametrize(("name", "size"), [("test_resnet", None), ("test_vit", 96), (NAMES[2], None)])
def test_timm_opens_it_and_knows_the_labels_and_the_preprocessing(tmp_path: Path, name: str, size: int | None) -> None:
    made = network(name, size)
    save_best(tmp_path / "best", made, CLASSES, temperature=1.0)
    opened = timm.create_model(f"local-dir:{tmp_path / 'best'}", pretrained=True).eval()
    seen = made.preprocessing
    images = torch.rand(2, 3, seen.input_size, seen.input_size)
    with torch.no_grad():
        torch.testing.assert_close(opened(images), made.model(images))
    config = timm.data.resolve_model_data_config(opened)
    assert tuple(opened.pretrained_cfg["label_names"]) == CLASSES
    assert tuple(config["input_size"]) == (3, seen.input_size, seen.input_size)
    assert (tuple(config["mean"]), config["interpolation"]) == (seen.mean, seen.interpolation)


def test_weights_that_want_another_colour_range_than_their_architecture_keep_it(tmp_path: Path) -> None:
    made = network("test_resnet")
    made.preprocessing = made.preprocessing.model_copy(update={"mean": (0.1, 0.2, 0.3), "crop_pct": 0.8})
    save_best(tmp_path / "once" / "best", made, CLASSES, 1.0)
    save_best(tmp_path / "twice", load_best(tmp_path / "once").network, CLASSES, 1.0)
    config = timm.data.resolve_model_data_config(timm.create_model(f"local-dir:{tmp_path / 'twice'}"))
    assert (tuple(config["mean"]), config["crop_pct"]) == ((0.1, 0.2, 0.3), 0.8)


def test_the_temperature_softens_probabilities_but_not_logits() -> None:
    made = network("test_resnet")
    with torch.no_grad():
        plain, logits = Deployed(made.model, made.preprocessing)(photos())
        soft, same = Deployed(made.model, made.preprocessing, 10.0)(photos())
    assert torch.equal(logits, same)
    torch.testing.assert_close(plain.sum(1), torch.ones(2))
    assert (soft.max(1).values < plain.max(1).values).all()


def test_no_model_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="no trained model here"):
        load_best(tmp_path)


def test_missing_weights_are_a_sentence(tmp_path: Path) -> None:
    save_best(tmp_path / "best", network("test_resnet"), CLASSES, 1.0)
    (tmp_path / "best" / "model.safetensors").unlink()
    with pytest.raises(FinetunerError, match=r"model\.safetensors are missing"):
        load_best(tmp_path)


def test_another_networks_weights_are_refused(tmp_path: Path) -> None:
    save_best(tmp_path / "best", network("test_resnet"), CLASSES, 1.0)
    save_best(tmp_path / "other", network("test_vit"), CLASSES, 1.0)
    (tmp_path / "other" / "model.safetensors").replace(tmp_path / "best" / "model.safetensors")
    with pytest.raises(FinetunerError, match="not those of this model"):
        load_best(tmp_path)


OWN = {
    "architecture": "test_resnet", "backbone": "x", "source": "timm", "loaded": "", "temperature": 1,
    "preprocessing": {},
}  # fmt: skip
DAMAGES = {
    "no labels": {"label_names": None},
    "nothing of ours": {"finetuner": None},
    "no temperature": {"finetuner": {}},
    "unknown network": {"finetuner": {"architecture": "../../etc/passwd"}},
    "no object": [],
    "no classes": {"label_names": []},
    "classes that are no names": {"label_names": [1, None]},
    "more classes than any model has": {"label_names": ["x"] * 100_001},
    "a network larger than its file": {"finetuner": OWN | {"architecture": "eva_giant_patch14_224"}},
    "a network of the hub": {"finetuner": OWN | {"architecture": "hf-hub:nobody/nothing"}},
    "an endless temperature": {"finetuner": OWN | {"temperature": float("inf")}},
    "no temperature at all": {"finetuner": OWN | {"temperature": 0}},
    "an input of a million pixels": {"finetuner": OWN | {"preprocessing": {"input_size": 10**6}}},
    "no deviation": {"finetuner": OWN | {"preprocessing": {"std": [0, 0, 0]}}},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_description_is_a_sentence(tmp_path: Path, damage: str) -> None:
    save_best(tmp_path / "best", network("test_resnet"), CLASSES, 1.0)
    path = tmp_path / "best" / "config.json"
    changed = DAMAGES[damage]
    whole = json.loads(path.read_text())
    path.write_text(json.dumps(whole | changed if isinstance(changed, dict) else changed))
    with pytest.raises(FinetunerError):
        load_best(tmp_path)
