"""What a method must give where it can be worked out by hand: a linear network, a known head, two players."""

import itertools
import math

import pytest
import torch
from torch import Tensor, nn

from finetuner.engine.explanations.attribution import kernel_shap
from finetuner.engine.explanations.attribution.baselines import blurred
from finetuner.engine.explanations.attribution.occlusion import windows
from finetuner.engine.explanations.attribution.rise import drawn
from finetuner.engine.explanations.attribution.superpixels import superpixels
from finetuner.engine.explanations.explanation import explanation, finished
from finetuner.engine.explanations.pixels import IMAGENET, Pixels

SIDE = 24
IMAGES = torch.randn(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(2))
TARGETS = torch.tensor([1, 0])


def linear() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(3 * SIDE * SIDE, 2)).eval()


def weights(model: nn.Sequential) -> Tensor:
    weight: Tensor = model[1].weight.detach()[TARGETS].view(2, 3, SIDE, SIDE)
    return weight


def ours(method: str, model: nn.Module, pixels: Pixels = IMAGENET) -> Tensor:
    return finished(explanation(method, pixels).explain(model, "", IMAGES, TARGETS)).detach()


@pytest.mark.parametrize("method", ["saliency", "smoothgrad"])
def test_of_a_linear_network_gradients_show_the_weights(method: str) -> None:
    model = linear()
    torch.testing.assert_close(ours(method, model), weights(model).abs().amax(1))


def test_of_a_linear_network_integrated_gradients_are_weight_times_way() -> None:
    model = linear()
    from_black, from_blur = (IMAGES - IMAGENET.black) * weights(model), (IMAGES - blurred(IMAGES)) * weights(model)
    torch.testing.assert_close(ours("integrated-gradients", model), from_black.sum(1), atol=1e-5, rtol=1e-3)
    torch.testing.assert_close(ours("integrated-gradients-blurred", model), from_blur.sum(1), atol=1e-5, rtol=1e-3)


def test_where_all_baselines_are_one_gradient_shap_is_integrated_gradients() -> None:
    grey = Pixels(torch.full((1, 3, 1, 1), 0.5), torch.full((1, 3, 1, 1), 0.5))
    model = linear()
    expected = ((IMAGES - 0.5) * weights(model)).sum(1)
    for method in ("gradient-shap", "integrated-gradients-noise"):
        torch.testing.assert_close(ours(method, model, grey), expected, atol=1e-5, rtol=1e-3)


def test_of_a_linear_network_occlusion_is_what_each_window_holds() -> None:
    model = linear()
    held = (IMAGES * weights(model)).sum(1)
    covers = windows(SIDE).float()
    in_windows = torch.einsum("nhw,chw->nc", held, covers)
    expected = torch.einsum("nc,chw->nhw", in_windows, covers) / covers.sum(0)
    torch.testing.assert_close(ours("occlusion", model), expected, atol=1e-4, rtol=1e-3)


def test_of_a_linear_network_shapley_values_are_what_each_area_holds() -> None:
    model = linear()
    for image, held, found in zip(IMAGES, (IMAGES * weights(model)).sum(1), ours("shap", model), strict=True):
        areas = superpixels(image, kernel_shap.SEGMENTS)
        totals, sizes = areas.flatten().bincount(held.flatten()), areas.flatten().bincount()
        torch.testing.assert_close(found, (totals / sizes)[areas].float(), atol=1e-4, rtol=1e-3)


def test_of_few_players_the_values_are_shapleys() -> None:
    """By the definition: the mean of what a player adds, over all orders in which they may come."""
    players, generator = 4, torch.Generator().manual_seed(0)
    sets, kernel = kernel_shap.coalitions(players)
    worth = {tuple(line): float(torch.rand((), generator=generator)) for line in sets.int().tolist()}
    added = [0.0] * players
    for order in itertools.permutations(range(players)):
        present = [0] * players
        for player in order:
            before = worth[tuple(present)]
            present[player] = 1
            added[player] += (worth[tuple(present)] - before) / math.factorial(players)
    answers = torch.tensor([worth[tuple(line)] for line in sets.int().tolist()])
    torch.testing.assert_close(kernel_shap.shapley(sets, kernel, answers).float(), torch.tensor(added))


def test_rise_is_the_mean_answer_given_that_a_pixel_is_seen() -> None:
    model, masks = linear(), drawn(SIDE)
    with torch.no_grad():
        answers = [model(image * masks[:, None]).softmax(1) for image in IMAGES]
    shares = torch.stack([answer[:, target] for answer, target in zip(answers, TARGETS, strict=True)])
    given = torch.einsum("nm,mhw->nhw", shares, masks) / masks.sum(0)
    torch.testing.assert_close(ours("rise", model), given - shares.mean(1)[:, None, None], atol=1e-5, rtol=1e-3)


class Pooled(nn.Module):
    """A body of one linear map, its average, a linear head; smooth where `curved`."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.body = nn.Conv2d(3, 6, 3)
        self.head = nn.Linear(6, 2)

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.body(images).mean((2, 3)))


def test_cam_and_its_kin_on_a_head_that_averages() -> None:
    model = Pooled().eval()
    with torch.no_grad():
        maps, weight = model.body(IMAGES), model.head.weight[TARGETS]
    places = maps.shape[2] * maps.shape[3]
    slopes = (weight / places)[:, :, None, None]
    shares = slopes**2 / (2 * slopes**2 + slopes**3 * maps.sum((2, 3), keepdim=True))
    expected = {
        "cam": torch.einsum("nk,nkhw->nhw", weight, maps),
        "layer-cam": (slopes.relu() * maps).sum(1),
        "grad-cam++": ((shares * slopes.relu() * places) * maps).sum(1),
    }
    for method, value in expected.items():
        found = finished(explanation(method).explain(model, "body", IMAGES, TARGETS)).detach()
        torch.testing.assert_close(found, value.relu())


def test_superpixels_keep_to_the_edges_of_colours() -> None:
    image = torch.zeros(3, 40, 40)
    image[0, :, 13:] = 4
    areas = superpixels(image, 16)
    assert areas.unique().tolist() == list(range(int(areas.max()) + 1))
    assert 8 <= int(areas.max()) + 1 <= 16
    assert not set(areas[:, :13].flatten().tolist()) & set(areas[:, 13:].flatten().tolist())


@pytest.mark.parametrize("side", [5, 28, 64, 224])
def test_windows_cover_every_pixel(side: int) -> None:
    counts = windows(side).sum(0)
    assert int(counts.min()) == 1
    assert (side % 14 != 0) or int(counts.max()) == 1
