"""Each classic network against the shapes and parameter counts that its paper states."""

import pytest
import torch
from torch import nn

from finetuner.engine.backbones.classic import CLASSICS
from finetuner.engine.backbones.classic.zfnet import ContrastNorm
from finetuner.engine.backbones.deployed import load_folder, save_best
from finetuner.engine.backbones.network import Network, build
from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.target import target_layer
from finetuner.engine.job import BackbonePart

CONVOLUTIONS = {
    "alexnet": [34_944, 307_456, 885_120, 663_936, 442_624],
    "zfnet": [14_208, 614_656, 885_120, 1_327_488, 884_992],
}
DENSE = [37_752_832, 16_781_312, 4_097_000]
# the maps behind each layer of the papers' figures: channels, side
MAPS = {
    "alexnet": [(96, 27), (256, 13), (384, 13), (384, 13), (256, 13)],
    "zfnet": [(96, 55), (256, 13), (384, 13), (384, 13), (256, 13)],
}


def classic(name: str, **options: object) -> Network:
    return build(BackbonePart(backbone=name, pretrained=False, **options), classes=4)


@pytest.fixture(scope="module")
def large() -> dict[str, nn.Module]:
    """AlexNet and ZFNet for a thousand classes, sixty million weights each. Read-only."""
    return {name: CLASSICS[name].make(1000) for name in MAPS}


def count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_lenet5_has_the_papers_parameters() -> None:
    model = CLASSICS["lenet5"].make(10)
    counts = {name: count(child) for name, child in model.named_children() if name != "output"}
    assert counts == {"c1": 156, "s2": 12, "c3": 1516, "s4": 32, "c5": 48_120, "f6": 10_164}
    assert sum(counts.values()) == 60_000


def test_lenet5_has_the_papers_maps() -> None:
    model, maps = CLASSICS["lenet5"].make(10), torch.rand(2, 1, 32, 32)
    shapes = []
    for layer in (model.c1, model.s2, model.c3, model.s4, model.c5, model.f6):
        maps = layer(maps)
        shapes.append(tuple(maps.shape[1:]))
    assert shapes == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120,), (84,)]


def test_lenet5_does_not_see_colour() -> None:
    model = CLASSICS["lenet5"].make(3).eval()
    red, green = torch.zeros(2, 1, 3, 32, 32)
    red[:, 0], green[:, 1] = 0.587, 0.299
    torch.testing.assert_close(model(red), model(green))


@pytest.mark.parametrize("name", MAPS)
def test_the_large_ones_have_the_papers_parameters_and_maps(name: str, large: dict[str, nn.Module]) -> None:
    model, maps, sides = large[name], torch.rand(1, 3, 224, 224), []
    assert [count(layer) for layer in model.features] == CONVOLUTIONS[name]
    assert [count(layer) for layer in model.classifier if count(layer)] == DENSE
    for layer in model.features:
        maps = layer(maps)
        sides.append(tuple(maps.shape[1:3]))
    assert sides == MAPS[name]
    assert model.classifier[0](maps).shape == (1, 256 * 6 * 6)


def test_the_first_convolutions_are_those_of_the_figures(large: dict[str, nn.Module]) -> None:
    """55x55 in AlexNet's figure 2, 110x110 in ZFNet's figure 3."""
    image = torch.rand(1, 3, 224, 224)
    assert large["alexnet"].features[0][0](image).shape == (1, 96, 55, 55)
    assert large["zfnet"].features[0][0](image).shape == (1, 96, 110, 110)


def test_alexnets_response_norm_is_the_papers_formula(large: dict[str, nn.Module]) -> None:
    maps, norm = torch.rand(1, 8, 1, 1) * 30, large["alexnet"].features[0][2]
    a = maps.flatten()
    expected = [a[i] / (2 + 1e-4 * a[max(0, i - 2) : i + 3].square().sum()) ** 0.75 for i in range(8)]
    torch.testing.assert_close(norm(maps).flatten(), torch.stack(expected))


def test_contrast_norm_takes_away_what_all_maps_share() -> None:
    maps = torch.rand(2, 6, 3, 3)
    torch.testing.assert_close(ContrastNorm()(maps + 5), ContrastNorm()(maps), atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", CLASSICS)
def test_blocks_are_the_papers_layers_from_the_image_on(name: str) -> None:
    names = [block.name for block in classic(name).blocks]
    expected = {
        "lenet5": ["stem", "c3", "c5", "f6", "head"],
        "alexnet": ["stem", *(f"features.{n}" for n in (1, 2, 3, 4)), "classifier.1", "classifier.2", "head"],
    }
    assert names == expected.get(name, expected["alexnet"])


@pytest.mark.parametrize("name", CLASSICS)
def test_one_step_moves_every_block_and_a_layer_can_be_looked_at(name: str) -> None:
    network = classic(name)
    size = network.preprocessing.input_size
    images = torch.rand(2, 3, size, size)
    network.model(images).square().sum().backward()
    assert all(parameter.grad is not None for parameter in network.model.parameters())
    assert target_layer(network.model.eval(), images) in ("s4", "features")
    assert network.features(images).shape == (2, 84 if name == "lenet5" else 4096)


def test_a_smaller_image_fits_the_large_ones_but_not_lenet5() -> None:
    assert classic("alexnet", image_size=96).model(torch.rand(1, 3, 96, 96)).shape == (1, 4)
    with pytest.raises(FinetunerError, match="takes images of 32 pixels only"):
        classic("lenet5", image_size=64)


@pytest.mark.parametrize(("option", "sentence"), [("dropout", "no dropout"), ("drop_path", "no drop path")])
def test_options_that_lenet5_has_not_are_refused(option: str, sentence: str) -> None:
    with pytest.raises(FinetunerError, match=sentence):
        classic("lenet5", **{option: 0.1})


def test_a_trained_one_is_kept_and_opened_again(tmp_path) -> None:
    network = classic("lenet5")
    save_best(tmp_path, network, ["a", "b", "c", "d"], 1.0)
    opened = load_folder(tmp_path)
    image = torch.rand(1, 3, 32, 32)
    torch.testing.assert_close(opened.network.model(image), network.model.eval()(image))
    assert opened.network.name == "lenet5"
