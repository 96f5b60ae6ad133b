import pytest
import torch
from torch import nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.tap import Tap


def net() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(4 * 36, 2))


def test_it_gives_output_and_gradient_and_changes_nothing():
    model, images = net(), torch.randn(1, 3, 8, 8)
    plain = model(images)
    with Tap(model, "0") as tap:
        score = model(images)[0, 1]
        gradient = tap.gradient(score)
    assert torch.equal(plain[0, 1], score)
    assert torch.equal(tap.output, model[0](images)), "an in-place ReLU must not overwrite what was tapped"
    expected = model[3].weight[1].view(1, 4, 6, 6) * (tap.output > 0)
    torch.testing.assert_close(gradient, expected)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_hook_is_gone_after_the_block_even_when_it_fails():
    model = net()
    with pytest.raises(RuntimeError), Tap(model, "0"):
        model(torch.zeros(1, 5, 8, 8))
    assert not model[0]._forward_hooks


def test_it_works_where_gradients_are_off():
    model = net().requires_grad_(False)
    with torch.no_grad(), torch.enable_grad(), Tap(model, "0") as tap:
        assert tap.gradient(model(torch.randn(1, 3, 8, 8))[0, 0]).abs().sum() > 0


def test_a_layer_that_does_not_matter_is_a_sentence():
    model = net()
    with Tap(model, "0") as tap:
        model(torch.zeros(1, 3, 8, 8))
    with pytest.raises(FinetunerError, match="does not influence"):
        tap.gradient(torch.ones((), requires_grad=True))


def test_a_layer_that_was_not_run_is_a_sentence():
    with Tap(net(), "0") as tap, pytest.raises(FinetunerError, match="gives no feature map"):
        _ = tap.output


def test_a_wrong_name_answers_with_the_closest():
    model = nn.ModuleDict({"layer4": nn.Identity()})
    with pytest.raises(FinetunerError, match=r"Did you mean layer4\?"):
        Tap(model, "layer5")
