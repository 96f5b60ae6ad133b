import pytest
import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from finetuner.engine.backbones.blocks import Block
from finetuner.engine.backbones.network import Network
from finetuner.engine.backbones.norm_pairs import norm_pairs
from tests.engine.tiny import tiny_network


@pytest.mark.parametrize("name", ["resnet18", "mobilenetv2_100", "mobilenetv3_small_100", "vgg11_bn"])
def test_every_norm_has_its_convolution(name: str) -> None:
    network = tiny_network(name)
    norms = [module for module in network.model.modules() if isinstance(module, _BatchNorm)]
    pairs = norm_pairs(network)
    assert len(set(pairs.values())) == len(pairs) == len(norms)
    assert all(len(weight) == norm.num_features for weight, norm in pairs.items())


def test_a_network_without_batch_norm_has_none() -> None:
    assert norm_pairs(tiny_network("convnext_atto")) == {}


def test_modes_stay_as_they_were() -> None:
    network = tiny_network()
    network.model.train()
    network.model.get_submodule("layer1").eval()
    before = [module.training for module in network.model.modules()]
    norm_pairs(network)
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
    assert norm_pairs(network) == {}
    together = Network(
        model, "odd", "timm", (Block("all", (*lower, "norms.2.weight")),), "", like.preprocessing, "", {}
    )
    assert norm_pairs(together) == {model.low.weight: model.norms[2]}
    assert torch.is_grad_enabled()
