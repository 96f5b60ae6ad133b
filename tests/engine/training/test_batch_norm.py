from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from finetuner.engine.backbones.network import Network
from finetuner.engine.strategies.plan import Phase
from finetuner.engine.training.batch_norm import enter_phase
from tests.engine.tiny import tiny_network

MODES = ("train", "frozen", "frozen-affine")


@pytest.fixture
def network() -> Network:
    network = tiny_network(image_size=32)
    for _, norm in norms(network):
        nn.init.ones_(norm.weight)  # timm's zero at the end of a residual block lets no gradient through
    return network


def phase(network: Network, frozen: int = 0) -> Phase:
    count = len(network.blocks)
    return Phase(0, "", tuple(None if index < frozen else 0.1 for index in range(count)))


def norms(network: Network) -> Iterator[tuple[str, nn.BatchNorm2d]]:
    return ((name, part) for name, part in network.model.named_modules() if isinstance(part, nn.BatchNorm2d))


def block_of(network: Network, module: str) -> int:
    return next(i for i, block in enumerate(network.blocks) if f"{module}.weight" in block.parameters)


def moved(network: Network) -> dict[str, tuple[bool, bool]]:
    """For each batch norm, whether one SGD step moved its statistics and its affine parameters."""
    before = {name: (norm.running_mean.clone(), norm.weight.detach().clone()) for name, norm in norms(network)}
    learning = [parameter for parameter in network.model.parameters() if parameter.requires_grad]
    network.model(torch.randn(4, 3, 32, 32) + 1).square().sum().backward()
    torch.optim.SGD(learning, lr=1e-3).step()
    return {
        name: (differ(norm.running_mean, before[name][0]), differ(norm.weight, before[name][1]))
        for name, norm in norms(network)
    }


def differ(one: Tensor | None, other: Tensor) -> bool:
    assert one is not None
    return not torch.equal(one, other)


@pytest.mark.parametrize(
    ("mode", "expected"), [("train", (True, True)), ("frozen", (False, True)), ("frozen-affine", (False, False))]
)
def test_in_an_open_network_the_mode_decides(network: Network, mode: str, expected: tuple[bool, bool]) -> None:
    enter_phase(network, phase(network), mode)
    assert set(moved(network).values()) == {expected}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("frozen", [1, 2, 3])
def test_in_a_frozen_block_nothing_moves(network: Network, mode: str, frozen: int) -> None:
    enter_phase(network, phase(network, frozen), mode)
    for name, change in moved(network).items():
        if block_of(network, name) < frozen:
            assert change == (False, False), name
        else:
            assert change == (mode == "train", mode != "frozen-affine"), name


@pytest.mark.parametrize("mode", MODES)
def test_frozen_parameters_need_no_gradient_and_open_ones_do(network: Network, mode: str) -> None:
    enter_phase(network, phase(network, 2), mode)
    affine = {f"{name}.{part}" for name, _ in norms(network) for part in ("weight", "bias")}
    for index, block in enumerate(network.blocks):
        for name in block.parameters:
            learns = index >= 2 and not (mode == "frozen-affine" and name in affine)
            assert network.model.get_parameter(name).requires_grad == learns, name


def test_the_next_phase_opens_what_the_last_one_froze(network: Network) -> None:
    enter_phase(network, phase(network, len(network.blocks) - 1), "train")
    enter_phase(network, phase(network), "train")
    assert all(parameter.requires_grad for parameter in network.model.parameters())
    assert set(moved(network).values()) == {(True, True)}


def test_dropout_of_a_frozen_backbone_rests(network: Network) -> None:
    enter_phase(network, phase(network, len(network.blocks) - 1), "train")
    frozen = [part for name, part in network.model.named_modules() if name and not name.startswith(network.head_name)]
    assert not any(part.training for part in frozen if any(True for _ in part.parameters()))
