"""The same as an independent implementation (captum) where the definitions coincide."""

from collections.abc import Callable

import captum.attr as captum
import pytest
import torch
from captum.attr._utils.lrp_rules import EpsilonRule, GammaRule
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.explanations.attribution import occlusion
from finetuner.engine.explanations.attribution.kernel_shap import KernelShap
from finetuner.engine.explanations.attribution.superpixels import superpixels
from finetuner.engine.explanations.explanation import explanation, finished
from finetuner.engine.explanations.pixels import IMAGENET
from finetuner.engine.explanations.trust import rank_correlation

SIDE = 32
LAYER = "layers.5"
AREAS = 9
IMAGE = (torch.rand(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(5)) * 2 - 1).requires_grad_()
TARGET = torch.tensor([2])


class Small(nn.Module):
    """Every ReLU its own module and out of place, as captum wants it."""

    def __init__(self, bias: bool = True) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layers = nn.ModuleList([
            nn.Conv2d(3, 8, 3, padding=1, bias=bias), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 8, 3, padding=1, bias=bias), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1, bias=bias), nn.ReLU(),
            nn.Linear(8 * 256, 16, bias=bias), nn.ReLU(), nn.Linear(16, 4, bias=bias),
        ])  # fmt: skip

    def forward(self, images: Tensor) -> Tensor:
        for layer in self.layers:
            images = self.run(layer, images.flatten(1) if isinstance(layer, nn.Linear) else images)
        return images

    def run(self, layer: nn.Module, images: Tensor) -> Tensor:
        found: Tensor = layer(images)
        return found


class Called(Small):
    """The same, its ReLUs calls rather than modules."""

    inplace = False

    def run(self, layer: nn.Module, images: Tensor) -> Tensor:
        return functional.relu(images, self.inplace) if isinstance(layer, nn.ReLU) else super().run(layer, images)


def ours(method: str, model: nn.Module) -> Tensor:
    made = KernelShap(AREAS) if method == "shap" else explanation(method)
    return finished(made.explain(model, LAYER, IMAGE.detach(), TARGET))[0].detach()


def strongest(values: Tensor) -> Tensor:
    return values.abs().amax(1)


def summed(values: Tensor) -> Tensor:
    return values.sum(1)


def integrated(model: nn.Module) -> Tensor:
    found = captum.IntegratedGradients(model).attribute(
        IMAGE, IMAGENET.black.expand_as(IMAGE), target=2, n_steps=400, method="riemann_trapezoid"
    )
    return summed(found)


def grad_cam(model: nn.Module) -> Tensor:
    return summed(captum.LayerGradCam(model, model.layers[5]).attribute(IMAGE, 2, relu_attributions=True))


def guided_grad_cam(model: nn.Module) -> Tensor:
    return strongest(captum.GuidedGradCam(model, model.layers[5]).attribute(IMAGE, 2, interpolate_mode="bilinear"))


def occluded(model: nn.Module) -> Tensor:
    side = round(SIDE / occlusion.WINDOWS)
    window = (3, side, side)
    return summed(captum.Occlusion(model).attribute(IMAGE, window, window, occlusion.GREY, 2)) / 3


def shap(model: nn.Module) -> Tensor:
    """Asked often enough that chance does not matter."""
    areas = superpixels(IMAGE.detach()[0], AREAS)
    found = captum.KernelShap(model).attribute(
        IMAGE, 0.0, target=2, feature_mask=areas[None, None], n_samples=4000, perturbations_per_eval=500
    )
    return found[:, 0] / areas.flatten().bincount()[areas]


def lrp(rule: Callable[[], object]) -> Callable[[nn.Module], Tensor]:
    def relevance(model: nn.Module) -> Tensor:
        for module in model.layers:
            if isinstance(module, nn.Conv2d | nn.Linear):
                module.rule = rule()
        return summed(captum.LRP(model).attribute(IMAGE, 2))

    return relevance


THEIRS = {
    "saliency": lambda model: strongest(captum.Saliency(model).attribute(IMAGE, 2)),
    "grad-cam": grad_cam,
    "guided-backprop": lambda model: strongest(captum.GuidedBackprop(model).attribute(IMAGE, 2)),
    "deconvnet": lambda model: strongest(captum.Deconvolution(model).attribute(IMAGE, 2)),
    "guided-grad-cam": guided_grad_cam,
    "integrated-gradients": integrated,
    "occlusion": occluded,
    "shap": shap,
    "lrp-epsilon": lrp(EpsilonRule),
}


@pytest.mark.filterwarnings("ignore:Setting backward hooks on ReLU", "ignore:Setting forward, backward hooks")
@pytest.mark.parametrize("method", THEIRS)
def test_it_draws_what_captum_draws(method: str) -> None:
    found = ours(method, Small())
    expected = THEIRS[method](Small())[0].detach()
    assert found.shape == expected.shape
    assert rank_correlation(found, expected) >= 0.99


def test_gamma_is_captums_where_inputs_are_not_negative() -> None:
    """captum knows the rule for non-negative inputs only, so the image is one, and outputs behind a ReLU."""
    model, image = Small(bias=False), IMAGE.detach().abs().requires_grad_()
    model.layers[9].weight.data.abs_()
    found = finished(explanation("lrp-gamma").explain(model, LAYER, image, TARGET))[0]
    for module in model.layers:
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.rule = GammaRule(gamma=0.25)
    expected = captum.LRP(model).attribute(image, 2).sum(1)[0].detach()
    assert rank_correlation(found, expected) >= 0.99


@pytest.mark.parametrize("inplace", [False, True])
@pytest.mark.parametrize("method", ["guided-backprop", "deconvnet", "guided-grad-cam", "lrp", "lrp-epsilon"])
def test_relus_may_be_modules_or_calls_in_place_or_not(method: str, inplace: bool) -> None:
    model = Called().eval()
    model.inplace = inplace
    torch.testing.assert_close(ours(method, model), ours(method, Small()))
