import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.modules.batchnorm import _BatchNorm

from finetuner.engine.backbones.blocks import Block
from finetuner.engine.backbones.followers import Followers, followers
from finetuner.engine.backbones.network import Network
from tests.engine.tiny import tiny_network


@pytest.mark.parametrize("name", ["resnet18", "mobilenetv2_100", "mobilenetv3_small_100", "vgg11_bn"])
def test_every_norm_has_its_convolution(name: str) -> None:
    network = tiny_network(name)
    norms = [module for module in network.model.modules() if isinstance(module, _BatchNorm)]
    found = followers(network)
    assert len({each.norm for each in found.values()}) == len(found) == len(norms)
    assert all(len(weight) == each.norm.num_features for weight, each in found.items())


@pytest.mark.parametrize(
    ("name", "function", "limits"),
    [
        ("resnet18", functional.relu, ()),
        ("mobilenetv2_100", functional.hardtanh, (0.0, 6.0)),
        ("mobilenetv3_small_100", functional.hardswish, ()),
        ("efficientnet_b0", functional.silu, ()),
        ("torchvision/resnet18", functional.relu, ()),
    ],
)
def test_activations_are_found(name: str, function: object, limits: tuple[float, ...]) -> None:
    found = [each.activation for each in followers(tiny_network(name)).values()]
    assert (function, limits) in found
    assert None in found  # before an addition


class Forked(nn.Module):
    """The answer of a batch norm, activated and also as it is."""

    def __init__(self, in_place: bool) -> None:
        super().__init__()
        self.convolution, self.norm, self.in_place = nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3), in_place

    def forward(self, images: Tensor) -> Tensor:
        normed = self.norm(self.convolution(images))
        return (functional.relu(normed, inplace=self.in_place) + normed).mean((2, 3))


@pytest.mark.parametrize("in_place", [True, False])
def test_an_activation_whose_input_is_used_again_stays_apart(in_place: bool) -> None:
    model, like = Forked(in_place), tiny_network(image_size=32)
    block = Block("all", tuple(name for name, _ in model.named_parameters()))
    network = Network(model, "forked", "timm", (block,), "norm", like.preprocessing, "", {})
    [found] = followers(network).values()
    assert (found.activation is None) is not in_place


def test_a_network_without_batch_norm_has_none() -> None:
    assert followers(tiny_network("convnext_atto")) == {}


def test_modes_stay_as_they_were() -> None:
    network = tiny_network()
    network.model.train()
    network.model.get_submodule("layer1").eval()
    before = [module.training for module in network.model.modules()]
    followers(network)
    assert [module.training for module in network.model.modules()] == before


class Odd(nn.Module):
    """A convolution that something else looks at, one that runs twice, and one of another block than its norm."""

    def __init__(self) -> None:
        super().__init__()
        self.seen, self.twice, self.low = (nn.Conv2d(3, 3, 1) for _ in range(3))
        self.norms = nn.ModuleList(nn.BatchNorm2d(3) for _ in range(3))

    def forward(self, images: Tensor) -> Tensor:
        seen = self.seen(images)
        once = self.norms[1](self.twice(self.norms[0](seen) + seen.mean()))
        return self.norms[2](self.low(self.twice(once))).mean((2, 3))


def test_doubtful_ones_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Odd()
    lower = [name for name, _ in model.named_parameters() if name != "norms.2.weight"]
    blocks = (Block("low", tuple(lower)), Block("high", ("norms.2.weight",)))
    like = tiny_network(image_size=32)
    network = Network(model, "odd", "timm", blocks, "norms.2", like.preprocessing, "", {})
    assert followers(network) == {}
    together = Network(
        model, "odd", "timm", (Block("all", (*lower, "norms.2.weight")),), "", like.preprocessing, "", {}
    )
    assert followers(together) == {model.low.weight: Followers(model.norms[2])}
    assert torch.is_grad_enabled()


def test_they_are_found_once_for_a_network() -> None:
    network = tiny_network(image_size=32)
    assert followers(network) is followers(network)
    assert followers(tiny_network(image_size=32)) is not followers(network)
