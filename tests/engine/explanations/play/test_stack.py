"""What is read from a file's names is the network that was kept."""

from pathlib import Path

import pytest
import torch
from torch import nn

from finetuner.engine.backbones import shelf
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.pixels import IMAGENET
from finetuner.engine.explanations.play import vgg as module
from finetuner.engine.explanations.play.adain import encoded, open_decoder
from finetuner.engine.explanations.play.stack import read_stack
from finetuner.engine.explanations.play.vgg import open_vgg
from tests.engine.explanations.play import networks

CPU = torch.device("cpu")
NAMES = ("relu1_1", "relu1_2", "relu2_1", "relu2_2", "relu3_1", "relu3_2", "relu4_1", "relu4_2", "relu5_1")


def photo(height: int = 40, width: int = 56) -> torch.Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(0))


def normalised(images: torch.Tensor) -> torch.Tensor:
    return IMAGENET.black + images * (IMAGENET.white - IMAGENET.black)


def behind_rectifiers(layers: nn.Sequential, values: torch.Tensor) -> list[torch.Tensor]:
    """What each ReLU gives; they work in place, so what is kept is a copy."""
    found = []
    with torch.no_grad():
        for layer in layers:
            values = layer(values)
            if isinstance(layer, nn.ReLU):
                found.append(values.clone())
    return found


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("size", [(48, 64), (32, 32), (16, 48)])
def test_a_vgg_answers_as_the_network_that_was_kept(tmp_path: Path, norm: bool, size: tuple[int, int]) -> None:
    model = networks.vgg(norm)
    vgg = open_vgg(networks.keep(model, tmp_path / "vgg.safetensors"), CPU)
    expected = behind_rectifiers(model.features, normalised(photo(*size)))
    found = list(vgg.maps(photo(*size), "relu5_1", smooth=False))
    assert vgg.names == tuple(name for name, _ in found) == NAMES
    for (_, maps), wanted in zip(found, expected, strict=True):
        torch.testing.assert_close(maps, wanted, rtol=1e-3, atol=1e-4)


def test_smooth_pooling_takes_the_mean(tmp_path: Path) -> None:
    model = networks.vgg()
    vgg = open_vgg(networks.keep(model, tmp_path / "vgg.safetensors"), CPU)
    smooth = nn.Sequential(*(nn.AvgPool2d(2) if isinstance(each, nn.MaxPool2d) else each for each in model.features))
    *_, last = vgg.maps(photo(32, 32), "relu5_1", smooth=True)
    wanted = behind_rectifiers(smooth, normalised(photo(32, 32)))[-1]
    torch.testing.assert_close(last.values, wanted, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("size", [(40, 56), (41, 55)])
def test_the_encoder_and_the_decoder_answer_as_those_that_were_kept(tmp_path: Path, size: tuple[int, int]) -> None:
    encoder, decoder = networks.encoder(), networks.decoder()
    vgg = open_vgg(networks.keep(encoder, tmp_path / "encoder.safetensors"), CPU)
    opened = open_decoder(networks.keep(decoder, tmp_path / "decoder.safetensors"), vgg, CPU)
    wanted = behind_rectifiers(encoder, photo(*size))[NAMES.index("relu4_1")]
    torch.testing.assert_close(encoded(vgg, photo(*size)), wanted, rtol=1e-3, atol=1e-4)
    with torch.no_grad():
        torch.testing.assert_close(opened(wanted), decoder(wanted), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("depth", ["vgg11", "vgg13_bn", "vgg16", "vgg19", "vgg19_bn"])
def test_the_papers_networks_are_read_from_their_names(depth: str) -> None:
    import torchvision

    with torch.device("meta"):
        state = getattr(torchvision.models, depth)().features.state_dict(prefix="features.")
    stack = read_stack({name: torch.zeros(tensor.shape) for name, tensor in state.items()}, "features")
    convolutions = int(depth.removeprefix("vgg").removesuffix("_bn")) - 3
    assert len(stack) == convolutions
    assert [len(layer.weight) for layer in stack if layer.resized] == [128, 256, 512, 512]


def test_a_file_without_a_vgg_is_a_sentence(tmp_path: Path) -> None:
    path = networks.keep(nn.Sequential(nn.Linear(3, 2)), tmp_path / "other.safetensors")
    with pytest.raises(FinetunerError, match=r"other\.safetensors holds no VGG"):
        open_vgg(path, CPU)
    broken = networks.vgg()
    broken.features[2] = nn.Conv2d(9, 8, 3)
    with pytest.raises(FinetunerError, match="holds no VGG"):
        open_vgg(networks.keep(broken, tmp_path / "broken.safetensors"), CPU)


def test_without_weights_on_this_disk_nothing_is_made_up() -> None:
    with pytest.raises(FinetunerError, match="no VGG's weights are on this disk") as caught:
        open_vgg(None, CPU)
    assert "Download vgg19" in caught.value.next_step


def test_the_largest_plain_vgg_on_this_disk_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = networks.keep(networks.vgg(), tmp_path / "some.safetensors")

    def entry(name: str, parameters: int, family: str = "vgg") -> Entry:
        return Entry(name, "timm", name.split(".")[0], family, parameters, 224, path=path)

    shelved = [
        entry("vgg11.a", 132),
        entry("vgg19_bn.a", 143),
        entry("vgg19.a", 143),
        entry("repvgg_d2se", 999, "byob"),
    ]
    monkeypatch.setattr(shelf, "on_disk_entries", lambda: [
        Entry(**{**vars(each), "parameters": each.parameters * 1_000_000}) for each in shelved
    ])  # fmt: skip
    assert module.open_vgg(None, CPU).name == "vgg19.a"


@pytest.mark.parametrize(("takes", "sentence"), [(20, None), (12, "does not fit the encoder")])
def test_a_decoder_fits_its_encoder_alone(tmp_path: Path, takes: int, sentence: str | None) -> None:
    vgg = open_vgg(networks.keep(networks.encoder(), tmp_path / "encoder.safetensors"), CPU)
    path = networks.keep(networks.decoder(takes), tmp_path / "decoder.safetensors")
    if sentence is None:
        assert open_decoder(path, vgg, CPU).takes == takes
        return
    with pytest.raises(FinetunerError, match=sentence):
        open_decoder(path, vgg, CPU)
    with pytest.raises(FinetunerError, match="holds no decoder"):
        open_decoder(networks.keep(networks.encoder(), tmp_path / "other.safetensors"), vgg, CPU)
    with pytest.raises(FinetunerError, match="none was named"):
        open_decoder(None, vgg, CPU)
