import pytest
import torch

from finetuner.engine.backbones.network import Network
from finetuner.engine.job import OptimisationPart
from finetuner.engine.training.optimiser import build_optimiser, set_rates
from tests.engine.tiny import tiny_network

PARTS = [OptimisationPart(), OptimisationPart(optimizer="sgd"), OptimisationPart(optimizer="sgd", momentum=0)]


@pytest.fixture(scope="module", params=["test_resnet", "test_vit"])
def network(request: pytest.FixtureRequest) -> Network:
    return tiny_network(request.param, image_size=32 if request.param == "test_resnet" else 160)


@pytest.mark.parametrize("part", PARTS, ids=["adamw", "sgd", "sgd-plain"])
def test_every_parameter_is_in_one_group(network: Network, part: OptimisationPart) -> None:
    members = [id(member) for group in build_optimiser(network, part).param_groups for member in group["params"]]
    assert sorted(members) == sorted(id(parameter) for parameter in network.model.parameters())


def test_matrices_decay_and_vectors_do_not(network: Network) -> None:
    for group in build_optimiser(network, OptimisationPart(weight_decay=0.3)).param_groups:
        matrices = {member.ndim > 1 for member in group["params"]}
        assert matrices == {group["weight_decay"] == 0.3}
        assert group["weight_decay"] in (0.3, 0)


def test_each_block_gets_its_rate_and_a_frozen_one_none(network: Network) -> None:
    optimiser = build_optimiser(network, OptimisationPart())
    rates = (None, *(0.1 * index for index in range(1, len(network.blocks))))
    set_rates(optimiser, rates)
    for group in optimiser.param_groups:
        names = {
            name for name, parameter in network.model.named_parameters() for p in group["params"] if parameter is p
        }
        assert names <= set(network.blocks[group["block"]].parameters)
        assert group["lr"] == (rates[group["block"]] or 0)


def test_momentum_is_the_first_beta() -> None:
    network = tiny_network(image_size=32)
    assert build_optimiser(network, OptimisationPart(momentum=0.8)).defaults["betas"] == (0.8, 0.999)
    sgd = build_optimiser(network, OptimisationPart(optimizer="sgd", momentum=0.8))
    assert (sgd.defaults["momentum"], sgd.defaults["nesterov"]) == (0.8, True)
    assert isinstance(sgd, torch.optim.SGD)
