import copy
from functools import partial
from unittest import mock

import pytest
import timm
import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.backbones.network import Network
from finetuner.engine.training import passes as room
from finetuner.engine.training.convolving import Convolving
from finetuner.engine.training.passes import Passes
from tests.engine.tiny import tiny_network

CPU = torch.device("cpu")
NAMES = [
    "resnet18",
    "mobilenetv2_100",
    "mobilenetv3_small_100",
    "efficientnet_b0",
    "vgg11_bn",
    "convnext_atto",
    "vit_tiny_patch16_224",
    "torchvision/resnet18",
    "torchvision/googlenet",
]
# the dense layers of VGG hold a hundred million weights, and no norm
SMALLER = {"vgg11_bn": {"mlp_ratio": 0.05}}


def prepared(name: str) -> Network:
    """A network whose batch norms have seen something."""
    with mock.patch.object(timm, "create_model", partial(timm.create_model, **SMALLER.get(name, {}))):
        network = tiny_network(name)
    torch.manual_seed(1)
    for module in network.model.modules():
        if isinstance(module, nn.BatchNorm2d):
            for buffer, lowest in ((module.running_mean, -0.3), (module.running_var, 0.6)):
                assert buffer is not None
                buffer.uniform_(lowest, lowest + 0.6)
    network.model.eval()
    return network


def images(seed: int = 0) -> Tensor:
    return torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(seed))


def gradients(network: Network, logits: Tensor) -> dict[str, Tensor]:
    network.model.zero_grad()
    functional.cross_entropy(logits.float(), torch.tensor([0, 1, 2])).backward()
    return {name: p.grad.clone() for name, p in network.model.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("name", NAMES)
def test_resting_norms_give_the_same_answers_and_gradients(name: str) -> None:
    network = prepared(name)
    plain = network.model(images())
    expected = gradients(network, plain)
    with Passes(network, CPU, "fp32").running():
        quick = network.model(images())
    torch.testing.assert_close(quick, plain, rtol=1e-3, atol=1e-3 * float(plain.detach().abs().max()))
    found = gradients(network, quick)
    assert found.keys() == expected.keys()
    for parameter, gradient in expected.items():
        torch.testing.assert_close(
            found[parameter], gradient, rtol=2e-3, atol=2e-3 * float(gradient.abs().max()), msg=parameter
        )


@pytest.mark.parametrize("name", NAMES)
def test_where_nothing_learns_the_answers_are_the_same(name: str) -> None:
    network = prepared(name)
    with torch.no_grad():
        plain = network.model(images())
    with Passes(network, CPU, "fp32").looking():
        quick = network.model(images())
    assert not quick.requires_grad
    torch.testing.assert_close(quick, plain, rtol=1e-3, atol=1e-3 * float(plain.abs().max()))


def test_a_learning_norm_is_left_alone() -> None:
    network = prepared("resnet18")
    network.model.train()
    other = copy.deepcopy(network.model)
    with Passes(network, CPU, "fp32").running():
        quick = network.model(images())
    assert torch.equal(quick, other(images()))
    assert all(torch.equal(mine, his) for mine, his in zip(network.model.buffers(), other.buffers(), strict=True))


def test_a_copy_with_other_weights_has_its_own_norms() -> None:
    network = prepared("resnet18")
    passes, average = Passes(network, CPU, "fp32"), copy.deepcopy(network.model)
    with torch.no_grad():
        for parameter in average.parameters():
            parameter.mul_(0.9)
        plain = average(images())
        with passes.running():
            assert torch.equal(average(images()), plain)


def test_in_bf16_slow_convolutions_take_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    quick = Convolving.apply
    monkeypatch.setattr(Convolving, "apply", lambda *terms: taken.append(1) or quick(*terms))
    monkeypatch.setattr(room, "followers", lambda network: {})
    network = prepared("mobilenetv2_100")
    with room.autocast("bf16", CPU):
        usual = network.model(images())
    plain = gradients(network, usual)
    with Passes(network, CPU, "bf16").running():
        logits = network.model(images())
    assert len(taken) == 17  # the depthwise ones
    assert torch.equal(logits, usual)
    found = gradients(network, logits)
    together = [torch.cat([some[name].flatten() for name in plain]) for some in (plain, found)]
    assert functional.cosine_similarity(*together, dim=0) > 0.99


def test_nothing_is_held_after_the_block() -> None:
    network = prepared("resnet18")
    passes = Passes(network, CPU, "fp32")
    with pytest.raises(RuntimeError), passes.running():
        network.model(torch.zeros(1, 4, 64, 64))
    with passes.running():
        network.model(images())
    assert not torch.overrides._get_current_function_mode_stack()
