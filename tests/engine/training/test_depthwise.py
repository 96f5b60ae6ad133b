import pytest
import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.training.convolving import Convolving
from finetuner.engine.training.depthwise import is_slow

# kernel, stride, padding, dilation, multiplier
STRIDED = [(3, 2, 1, 1, 1), (5, 2, 2, 1, 1), (7, 2, 0, 1, 1), (3, 2, 2, 2, 1), (5, 2, 2, 1, 2)]
OF_STRIDE_1 = [(3, 1, 1, 1, 1), (5, 1, 2, 1, 1), (7, 1, 0, 1, 1), (3, 1, 3, 1, 1), (3, 1, 2, 2, 1), (3, 1, 1, 1, 2)]


def terms(kernel: int, multiplier: int) -> list[Tensor]:
    torch.manual_seed(0)
    shapes = [(2, 6, 17, 20), (6 * multiplier, 1, kernel, kernel), (6 * multiplier,)]
    return [torch.randn(shape).bfloat16().requires_grad_() for shape in shapes]


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation", "multiplier"), STRIDED + OF_STRIDE_1)
def test_it_is_conv2d_and_so_is_its_gradient(
    kernel: int, stride: int, padding: int, dilation: int, multiplier: int
) -> None:
    ours, theirs = (
        terms(kernel, multiplier),
        [term.detach().float().requires_grad_() for term in terms(kernel, multiplier)],
    )
    answer = Convolving.apply(*ours, None, True, (stride,) * 2, (padding,) * 2, (dilation,) * 2, 6)
    expected = functional.conv2d(*theirs, stride, padding, dilation, groups=6)
    assert answer.dtype == torch.bfloat16
    torch.testing.assert_close(answer.float(), expected, rtol=0.02, atol=0.02)
    weights = torch.randn(expected.shape).bfloat16()
    answer.backward(weights)
    expected.backward(weights.float())
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.grad is not None
        assert other.grad is not None
        torch.testing.assert_close(mine.grad.float(), other.grad, rtol=0.02, atol=0.02 * float(other.grad.abs().max()))


def test_what_needs_no_gradient_gets_none() -> None:
    images, weight, _ = terms(3, 1)
    images.requires_grad_(False)
    Convolving.apply(images, weight, None, None, True, (2, 2), (1, 1), (1, 1), 6).sum().backward()
    assert images.grad is None
    assert weight.grad is not None


@pytest.mark.parametrize(
    ("kernel", "groups", "learning", "slow"),
    [
        (3, 6, "images", True),
        (3, 6, "weight", False),
        (5, 6, "weight", True),
        (5, 1, "images weight", False),
    ],
)
def test_only_the_slow_ones_leave_the_usual_way(kernel: int, groups: int, learning: str, slow: bool) -> None:
    images, weight, _ = terms(kernel, 1)
    images.requires_grad_("images" in learning)
    weight.requires_grad_("weight" in learning)
    assert is_slow(images, weight, groups) is slow
    with torch.no_grad():
        assert not is_slow(images, weight, groups)
