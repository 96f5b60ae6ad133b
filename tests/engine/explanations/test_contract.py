"""Every method on every family: a finite map, or a sentence that says why not; and the network is left as it was."""

import pytest
import torch
from torch import nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.explanations.explanation import explanation, finished
from finetuner.engine.explanations.target import target_layer
from tests.engine.explanations.families import FAMILIES, family, images

MAPS = [name for name, entry in EXPLANATIONS.items() if entry.draws == "map"]
WITHOUT_RELU = {"efficientnet", "convnext", "vit", "vit-of-torchvision", "swin"}
REFUSED = {
    "cam": {"vgg", "convnext", "vit", "vit-of-torchvision"},
    "guided-backprop": WITHOUT_RELU,
    "guided-grad-cam": WITHOUT_RELU,
    "deconvnet": WITHOUT_RELU,
    "attention-rollout": set(FAMILIES) - {"vit", "vit-of-torchvision"},
}
TWO_FAMILIES = [(m, name) for m in MAPS for name in ("mobilenet", "vit") if name not in REFUSED.get(m, set())]


def state(model: nn.Module) -> tuple[object, ...]:
    hooks = [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules()]
    flags = [(parameter.requires_grad, parameter.grad) for parameter in model.parameters()]
    return hooks, flags, [module.training for module in model.modules()], {*model.state_dict()}


@pytest.mark.usefixtures("few_passes")
@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("method", MAPS)
def test_a_map_or_a_reason(method: str, name: str) -> None:
    model, inputs, targets = family(name), images(), torch.tensor([1])
    before, weights = state(model), {key: value.clone() for key, value in model.state_dict().items()}
    layer = target_layer(model, inputs)
    made = explanation(method)
    if name in REFUSED.get(method, set()):
        with pytest.raises(FinetunerError) as refusal:
            finished(made.explain(model, layer, inputs, targets))
        assert refusal.value.next_step
    else:
        found = finished(made.explain(model, layer, inputs, targets))
        assert found.shape[0] == 1
        assert found.ndim == 3
        assert min(found.shape[1:]) > 1
        assert torch.isfinite(found).all()
        assert EXPLANATIONS[method].signed or (found >= 0).all()
    assert state(model) == before
    assert all(torch.equal(weights[key], value) for key, value in model.state_dict().items())


@pytest.mark.usefixtures("few_passes")
@pytest.mark.parametrize(("method", "name"), TWO_FAMILIES)
def test_an_image_is_explained_alone_as_in_company(method: str, name: str) -> None:
    model, inputs, targets = family(name), images(2), torch.tensor([0, 1])
    layer = target_layer(model, inputs)
    together = finished(explanation(method).explain(model, layer, inputs, targets))
    alone = finished(explanation(method).explain(model, layer, inputs[1:], targets[1:]))
    scale = float(alone.abs().max())
    torch.testing.assert_close(together[1:] / scale, alone / scale, atol=1e-3, rtol=1e-2)


@pytest.mark.usefixtures("few_passes")
@pytest.mark.parametrize("method", ["smoothgrad", "integrated-gradients", "gradient-shap", "shap", "occlusion", "rise"])
def test_long_methods_tell_how_far_they_are_and_can_be_left(method: str) -> None:
    steps = explanation(method).explain(family("resnet"), "", images(), torch.tensor([0]))
    assert not isinstance(steps, torch.Tensor)
    done, total = next(steps)
    assert 0 < done <= total
    steps.close()
