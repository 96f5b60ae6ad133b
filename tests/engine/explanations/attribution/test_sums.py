"""Methods that share out the answer share out all of it."""

import pytest
import torch
from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.attribution import integrated_gradients, lrp
from finetuner.engine.explanations.attribution.baselines import blurred
from finetuner.engine.explanations.explanation import explanation, finished
from finetuner.engine.explanations.pixels import IMAGENET
from tests.engine.explanations.families import FAMILIES, family, images

TARGETS = torch.tensor([1])


def trained_like(name: str) -> nn.Module:
    """With biases, and batch norms whose statistics are not those of a new network."""
    model, generator = family(name), torch.Generator().manual_seed(3)
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.copy_(torch.randn(module.num_features, generator=generator) * 0.2)
                module.running_var.copy_(torch.rand(module.num_features, generator=generator) + 0.5)
            if isinstance(getattr(module, "bias", None), nn.Parameter):
                module.bias.copy_(torch.randn(module.bias.shape, generator=generator) * 0.1)
    return model


@pytest.mark.parametrize("name", ["resnet", "efficientnet", "convnext", "densenet", "vit", "swin"])
def test_integrated_gradients_add_up_to_the_rise_of_the_logit(name: str) -> None:
    model, inputs = trained_like(name), images()
    starts = {
        "integrated-gradients": IMAGENET.black.expand_as(inputs),
        "integrated-gradients-blurred": blurred(inputs),
    }
    with torch.no_grad():
        rises = {method: float(model(inputs)[0, 1] - model(start)[0, 1]) for method, start in starts.items()}
    for method, rise in rises.items():
        total = float(finished(explanation(method).explain(model, "", inputs, TARGETS)).sum())
        assert total == pytest.approx(rise, rel=0.01)


@pytest.mark.usefixtures("few_passes")
@pytest.mark.parametrize("name", FAMILIES)
def test_shapley_values_add_up_to_the_rise_of_the_logit(name: str) -> None:
    model, inputs = trained_like(name), images()
    with torch.no_grad():
        rise = float(model(inputs)[0, 1] - model(torch.zeros_like(inputs))[0, 1])
    assert float(finished(explanation("shap").explain(model, "", inputs, TARGETS)).sum()) == pytest.approx(
        rise, rel=0.01
    )


RULES = {"lrp": lrp.LrpComposite, "lrp-epsilon": lrp.LrpEpsilon, "lrp-gamma": lrp.LrpGamma}


def shared(model: nn.Module, method: str) -> tuple[Tensor, Tensor, Tensor]:
    """The relevance of the pixels, what constants kept, the logit."""
    made = RULES[method]()
    return lrp.relevance(model, images(), TARGETS, made.rule_for, made.at_image())


@pytest.mark.parametrize("method", RULES)
@pytest.mark.parametrize("name", FAMILIES)
def test_lrp_loses_nothing_of_the_logit(name: str, method: str) -> None:
    pixels, constants, logit = shared(trained_like(name), method)
    assert float(pixels.sum() + constants.sum()) == pytest.approx(float(logit), rel=0.01)


@pytest.mark.parametrize("method", RULES)
@pytest.mark.parametrize("name", ["resnet", "vgg", "mobilenet", "efficientnet", "densenet", "googlenet"])
def test_without_constants_the_pixels_get_the_whole_logit(name: str, method: str) -> None:
    model = family(name)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if key.endswith("bias"):
                parameter.zero_()
    pixels, constants, logit = shared(model, method)
    assert float(pixels.sum()) == pytest.approx(float(logit), rel=0.01)
    assert float(constants.sum().abs()) <= 0.01 * float(logit.abs())


class Odd(nn.Module):
    """Its square hands back twice what it got."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(12, 2)

    def forward(self, images: Tensor) -> Tensor:
        answer: Tensor = self.linear(images.flatten(1)) ** 2
        return answer


def test_lrp_says_so_when_a_part_has_no_rule() -> None:
    torch.manual_seed(0)
    with pytest.raises(FinetunerError, match="LRP loses 100%"):
        finished(explanation("lrp").explain(Odd(), "", torch.randn(1, 3, 2, 2), TARGETS))


def test_integrated_gradients_that_do_not_add_up_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrated_gradients, "MOST", integrated_gradients.FIRST)
    monkeypatch.setattr(integrated_gradients, "TOLERANCE", 1e-9)
    with pytest.raises(FinetunerError, match="misses the rise"):
        finished(explanation("integrated-gradients").explain(trained_like("resnet"), "", images(), TARGETS))
