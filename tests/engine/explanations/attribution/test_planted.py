"""A cue planted at a known place is where the heat is."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.explanations.explanation import explanation, finished
from finetuner.engine.explanations.pixels import Pixels
from finetuner.engine.explanations.target import target_layer

SIDE, PATCH = 48, 12
GREY = Pixels(torch.zeros(1, 3, 1, 1), torch.ones(1, 3, 1, 1))
CORNERS = [(0, 0), (12, 24), (36, 12), (24, 36)]


def planted(corners: list[tuple[int, int]], channel: int = 0) -> Tensor:
    """Black images with a patch of one colour."""
    images = torch.zeros(len(corners), 3, SIDE, SIDE)
    for image, (top, left) in zip(images, corners, strict=True):
        image[channel, top : top + PATCH, left : left + PATCH] = 1
    return images


def share_on_patch(found: Tensor, corner: tuple[int, int]) -> float:
    """Of what the map says, the part that lies on the patch."""
    top, left = corner
    fine = functional.interpolate(found[None, None].abs(), size=(SIDE, SIDE), mode="nearest")[0, 0]
    return float(fine[top : top + PATCH, left : left + PATCH].sum() / fine.sum())


class RedCounts(nn.Module):
    """The logit of class 0 is the amount of red in the image; nothing else matters."""

    def forward(self, images: Tensor) -> Tensor:
        red = images[:, 0].mean((1, 2))
        return torch.stack([red * 20, torch.zeros_like(red)], 1)


@pytest.mark.parametrize("corner", CORNERS)
def test_occlusion_finds_the_one_patch_that_matters(corner: tuple[int, int]) -> None:
    found = finished(explanation("occlusion").explain(RedCounts(), "", planted([corner]), torch.tensor([0])))
    assert share_on_patch(found[0], corner) >= 0.9


@pytest.fixture(scope="module")
def trained() -> nn.Sequential:
    """It has learned to tell a red patch from a green one, wherever it is on noise."""
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(3, 8, 4, stride=4, bias=False), nn.ReLU(), nn.Conv2d(8, 8, 1, bias=False), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2),
    )  # fmt: skip
    places = torch.randint(0, SIDE - PATCH, (128, 2)).tolist()
    images = torch.cat([planted(places[:64], 0), planted(places[64:], 1)]) + torch.rand(128, 3, SIDE, SIDE) * 0.1
    labels = torch.arange(128) // 64
    optimiser = torch.optim.Adam(model.parameters(), 0.02)
    for _ in range(80):
        optimiser.zero_grad()
        functional.cross_entropy(model(images), labels).backward()
        optimiser.step()
    model.eval()
    assert (model(images).argmax(1) == labels).all()
    return model


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("method", ["grad-cam", "integrated-gradients"])
def test_a_learned_patch_gets_nine_tenths_of_the_heat(
    trained: nn.Sequential, method: str, corner: tuple[int, int]
) -> None:
    image = planted([corner])
    layer = target_layer(trained, image)
    found = finished(explanation(method, GREY).explain(trained, layer, image, torch.tensor([0]))).detach()
    assert share_on_patch(found[0], corner) >= 0.9


@pytest.mark.usefixtures("few_passes")
@pytest.mark.parametrize("method", ["layer-cam", "gradient-shap", "shap", "rise", "lrp"])
def test_the_other_methods_are_warmer_on_the_patch_than_beside_it(trained: nn.Sequential, method: str) -> None:
    image = planted([(12, 24)])
    layer = target_layer(trained, image)
    found = finished(explanation(method, GREY).explain(trained, layer, image, torch.tensor([0]))).detach()
    assert share_on_patch(found[0], (12, 24)) > 2 * (PATCH / SIDE) ** 2
