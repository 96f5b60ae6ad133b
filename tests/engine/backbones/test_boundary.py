"""A network started in the middle is the same network."""

import pytest
import torch
from torch import Tensor

from finetuner.engine.backbones.boundary import Boundary, boundary_at, crossings
from finetuner.engine.backbones.network import Network, build
from finetuner.engine.job import BackbonePart

NAMES = ("test_resnet", "test_vit", "test_convnext", "test_efficientnet", "torchvision/squeezenet1_1")


@pytest.fixture(params=NAMES)
def network(request: pytest.FixtureRequest) -> Network:
    return random_network(request.param)


def random_network(name: str, image_size: int = 64, **options: object) -> Network:
    torch.manual_seed(0)
    network = build(BackbonePart(backbone=name, pretrained=False, image_size=image_size, **options), 3)
    network.head.set(torch.randn(3, network.head.in_features), torch.zeros(3))
    network.model.eval()
    return network


def line_at(network: Network, first: int) -> Boundary:
    found = boundary_at(network, first)
    assert found
    return found


def pictures(count: int = 5) -> Tensor:
    return torch.randn(count, 3, 64, 64, generator=torch.Generator().manual_seed(1))


def test_every_line_gives_the_logits_of_the_whole(network: Network) -> None:
    with torch.no_grad():
        whole = network.model(pictures())
        for first in range(1, len(network.blocks)):
            line = line_at(network, first)
            [crossing] = crossings(network.model, [line], pictures())
            assert crossing[0].numel() == line.numbers
            torch.testing.assert_close(line.above(network.model, crossing), whole)


def test_one_pass_gives_all_crossings(network: Network) -> None:
    lines = [line_at(network, first) for first in (2, 1, len(network.blocks) - 1)]
    with torch.no_grad():
        together = crossings(network.model, lines, pictures())
        apart = [crossings(network.model, [line], pictures())[0] for line in lines]
    for one, other in zip(together, apart, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_gradients_are_those_of_the_whole_above_the_line_and_none_below(network: Network) -> None:
    line = line_at(network, 2)
    lower = {name for block in network.blocks[:2] for name in block.parameters}
    parameters = dict(network.model.named_parameters())
    for name in lower:
        parameters[name].requires_grad_(False)
    network.model(pictures()).square().sum().backward()
    whole = {name: parameter.grad for name, parameter in parameters.items()}
    network.model.zero_grad(set_to_none=True)
    with torch.no_grad():
        [crossing] = crossings(network.model, [line], pictures())
    line.above(network.model, crossing).square().sum().backward()
    for name, parameter in parameters.items():
        assert (parameter.grad is None) == (name in lower)
        if parameter.grad is not None:
            torch.testing.assert_close(parameter.grad, whole[name], rtol=1e-3, atol=1e-4)


def test_nothing_is_left_behind(network: Network) -> None:
    network.model.train()
    network.model.get_submodule(network.head_name).eval()
    before = [module.training for module in network.model.modules()]
    line = line_at(network, 1)
    with torch.no_grad():
        line.above(network.model, crossings(network.model, [line], pictures())[0])
    assert [module.training for module in network.model.modules()] == before
    for module in network.model.modules():
        assert "forward" not in vars(module)
        assert not module._forward_hooks
        assert not module._forward_pre_hooks


def test_dropout_before_the_head_stays_above_the_line() -> None:
    network = random_network("test_resnet", dropout=0.5)
    line = line_at(network, len(network.blocks) - 1)
    network.model.train()
    with torch.no_grad():
        [crossing] = crossings(network.model, [line], pictures())
        torch.manual_seed(0)
        one = line.above(network.model, crossing)
        assert not torch.equal(one, line.above(network.model, crossing))


def test_a_network_of_two_strands_has_no_line() -> None:
    assert boundary_at(random_network("crossvit_tiny_240", image_size=240), 2) is None


@pytest.mark.parametrize("silent", [True, False])
def test_a_line_that_a_shortcut_goes_around_is_refused_whatever_the_head_says(silent: bool) -> None:
    """DLA's stages take what lower stages gave by other ways; a head that is zero hides it."""
    network = random_network("dla46_c")
    if silent:
        network.head.set(torch.zeros(3, network.head.in_features), torch.zeros(3))
    assert [boundary_at(network, first) is None for first in (1, 5, len(network.blocks) - 1)] == [False, True, False]


def test_a_head_that_is_not_called_as_a_module_proves_no_line() -> None:
    network = random_network("test_resnet")
    assert boundary_at(network, 1)
    whole = network.model.forward_head

    def forward_head(features: Tensor, **options: object) -> Tensor:
        return network.head(whole(features, pre_logits=True))

    network.model.forward_head = forward_head
    assert boundary_at(network, 1) is None
