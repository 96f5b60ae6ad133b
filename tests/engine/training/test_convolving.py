import pytest
import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.backbones.followers import Activation
from finetuner.engine.training.convolving import convolved, fuses

RELU: Activation = (functional.relu, ())
RELU6: Activation = (functional.hardtanh, (0.0, 6.0))
OTHERS: tuple[Activation, ...] = ((functional.hardswish, ()), (functional.silu, ()))
PLAIN = ((2, 1), (1, 1), (1, 1), 1)
DEPTHWISE = ((2, 2), (1, 1), (1, 1), 8)


def terms(geometry: tuple[object, ...], learning: bool = True) -> list[Tensor]:
    """Images, a weight and a bias, whose answers reach beyond both limits of relu6."""
    generator = torch.Generator().manual_seed(0)
    shapes = [(2, 8, 9, 12), (8, 8 // int(str(geometry[-1])), 3, 3), (8,)]
    made = [2 * torch.randn(shape, generator=generator) for shape in shapes]
    return [term.requires_grad_(learning) for term in made]


@pytest.mark.parametrize("geometry", [PLAIN, DEPTHWISE], ids=["plain", "depthwise"])
@pytest.mark.parametrize("activation", [RELU, RELU6, None], ids=["relu", "relu6", "none"])
@pytest.mark.parametrize("bf16", [False, True], ids=["fp32", "bf16"])
def test_it_is_what_the_two_are_one_after_the_other(
    activation: Activation | None, geometry: tuple[object, ...], bf16: bool
) -> None:
    ours, theirs = terms(geometry), terms(geometry)
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        answer = convolved(*ours, activation, *geometry)
        expected = functional.conv2d(*theirs, *geometry)  # type: ignore[call-overload]
        if activation:
            expected = activation[0](expected, *activation[1])
    loose = 0.02 if bf16 else 1e-5
    torch.testing.assert_close(answer, expected, rtol=loose, atol=loose)
    weights = torch.linspace(-1, 1, answer.numel()).reshape(answer.shape).to(answer.dtype)
    answer.backward(weights)
    expected.backward(weights)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.grad is not None
        assert other.grad is not None
        torch.testing.assert_close(mine.grad, other.grad, rtol=loose, atol=loose * float(other.grad.abs().max()))


def test_what_rests_gets_no_gradient() -> None:
    images, weight, bias = terms(PLAIN)
    images.requires_grad_(False)
    convolved(images, weight, bias.detach(), RELU6, *PLAIN).sum().backward()
    assert weight.grad is not None
    assert images.grad is None


def test_the_way_back_holds_no_more_than_without() -> None:
    """The input and the answer, which the next layer holds as well; not what went into the activation."""
    kept: list[Tensor] = []
    images, weight, bias = terms(PLAIN)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        answer = convolved(images, weight, bias, RELU6, *PLAIN)
    assert {tensor.data_ptr() for tensor in kept} == {tensor.data_ptr() for tensor in (images, weight, answer)}


@pytest.mark.parametrize("activation", OTHERS)
def test_while_it_learns_a_curve_is_left_to_torch(activation: Activation) -> None:
    assert not fuses(activation, *terms(PLAIN))
    assert fuses(activation, *terms(PLAIN, learning=False))
    with torch.no_grad():
        assert fuses(activation, *terms(PLAIN))


def test_without_onednn_nothing_is_fused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fuses(RELU, *terms(PLAIN))
    assert not fuses(None, *terms(PLAIN))
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert not fuses(RELU, *terms(PLAIN))
