import pytest
from torchvision.models import get_model_weights

from finetuner.engine.backbones import names, on_disk, pins, shelf
from finetuner.engine.backbones.download.torchvision_files import TorchvisionFiles

ENTRY = names.find("torchvision/resnet18")
VISION = [entry for entry in shelf.entries() if entry.source == "torchvision"]


def test_the_place_is_torchvisions_own() -> None:
    assert len(VISION) > 70
    for entry in VISION:
        weights = get_model_weights(entry.name.removeprefix("torchvision/"))
        assert TorchvisionFiles(entry).question()["url"] == weights.DEFAULT.url  # type: ignore[attr-defined]
        assert weights.DEFAULT.url.rpartition("/")[2] == entry.file  # type: ignore[attr-defined]


def test_a_mirror_is_asked_in_its_stead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINETUNER_TORCHVISION_URL", "http://mirror/models")
    assert TorchvisionFiles(ENTRY).question()["url"] == f"http://mirror/models/{ENTRY.file}"


def test_the_name_promises_until_a_pin_does() -> None:
    published = TorchvisionFiles(ENTRY).published({"size": 9})
    assert (published.sha256, published.size) == ("f37072fd", 9)
    assert published.part == on_disk.torch_cache() / f"{ENTRY.file}.part"
    pins.keep(ENTRY.file, pins.Pin(sha256="f37072fd" * 8, size=7))
    published = TorchvisionFiles(ENTRY).published({"size": 9})
    assert (published.sha256, published.size) == ("f37072fd" * 8, 7)
