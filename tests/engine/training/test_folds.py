from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.training.folds import Folds

IMAGES = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def pair() -> nn.Sequential:
    """A convolution and a batch norm that has seen something."""
    torch.manual_seed(0)
    made = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
    made(IMAGES + 1)
    return made.eval()


def terms(folds: Folds, pair: nn.Sequential) -> tuple[Tensor, Tensor]:
    convolution, norm = pair
    assert isinstance(norm, nn.BatchNorm2d)
    assert isinstance(convolution, nn.Conv2d)
    with torch.no_grad():
        return folds.terms(convolution.weight, convolution.bias, norm)


def test_one_convolution_says_what_the_two_said(pair: nn.Sequential) -> None:
    torch.testing.assert_close(functional.conv2d(IMAGES, *terms(Folds(), pair)), pair(IMAGES).detach())


def test_it_is_made_once(pair: nn.Sequential) -> None:
    folds = Folds()
    assert terms(folds, pair)[0] is terms(folds, pair)[0]


def learn(pair: nn.Sequential) -> None:
    optimiser = torch.optim.SGD(pair.parameters(), lr=0.1)
    pair(IMAGES).square().mean().backward()
    optimiser.step()


def see_more(pair: nn.Sequential) -> None:
    pair.train()(3 * IMAGES)
    pair.eval()


def load_others(pair: nn.Sequential) -> None:
    pair.load_state_dict({name: tensor + 1 for name, tensor in pair.state_dict().items()})


@pytest.mark.parametrize("change", [learn, see_more, load_others])
def test_it_follows_every_change(pair: nn.Sequential, change: Callable[[nn.Sequential], None]) -> None:
    folds = Folds()
    before = terms(folds, pair)[0].clone()
    change(pair)
    weight, bias = terms(folds, pair)
    assert not torch.equal(weight, before)
    torch.testing.assert_close(functional.conv2d(IMAGES, weight, bias), pair(IMAGES).detach())


def test_each_precision_has_its_own(pair: nn.Sequential) -> None:
    folds = Folds()
    with torch.autocast("cpu", torch.bfloat16):
        short = terms(folds, pair)[0]
    assert (short.dtype, terms(folds, pair)[0].dtype) == (torch.bfloat16, torch.float32)
