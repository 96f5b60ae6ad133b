"""How a run's forward and backward passes are computed: its precision, and on a CPU what torch leaves lying."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.modules.batchnorm import _BatchNorm
from torch.overrides import TorchFunctionMode

from finetuner.engine.backbones.network import Network
from finetuner.engine.backbones.norm_pairs import Pairs, norm_pairs
from finetuner.engine.training.depthwise import Depthwise, is_slow

_TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


class Passes:
    """Where the passes of one network run, and in which precision."""

    def __init__(self, network: Network, device: torch.device, precision: str) -> None:
        self._device, self._precision = device, precision
        self._pairs = norm_pairs(network) if device.type == "cpu" else {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Within the block the network's forward pass is this run's; its backward pass may follow later."""
        on_cpu = self._device.type == "cpu"
        with autocast(self._precision, self._device), _Shortcuts(self._pairs) if on_cpu else nullcontext():
            yield


def autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    """The context in which forward passes of this precision run."""
    if precision == "fp32":
        return nullcontext()
    return torch.autocast(device.type, dtype=_TYPES[precision])


class _Shortcuts(TorchFunctionMode):
    """A resting batch norm is part of the convolution before it; slow depthwise convolutions take the quick way."""

    def __init__(self, pairs: Pairs) -> None:
        super().__init__()
        self._pairs = pairs
        self._normed: dict[int, Tensor] = {}  # answers whose batch norm is done already

    def __torch_function__(self, func: Callable[..., Any], types: object, args: Any = (), kwargs: Any = None) -> Any:
        if func is functional.conv2d and len(args) == 7 and isinstance(args[4], tuple):
            return self._convolved(*args)
        if func is functional.batch_norm and id(args[0]) in self._normed:
            return self._normed.pop(id(args[0]))
        return func(*args, **(kwargs or {}))

    def _convolved(self, images: Tensor, weight: Tensor, bias: Tensor | None, *geometry: Any) -> Tensor:
        norm = self._pairs.get(weight) if isinstance(weight, nn.Parameter) else None
        if norm is None or norm.training:
            return _convolution(images, weight, bias, *geometry)
        answer = _convolution(images, *_folded(weight, bias, norm), *geometry)
        self._normed[id(answer)] = answer
        return answer


def _convolution(images: Tensor, weight: Tensor, bias: Tensor | None, *geometry: Any) -> Tensor:
    stride, padding, dilation, groups = geometry
    if torch.is_autocast_enabled("cpu") and is_slow(images, weight, stride, groups):
        kind = torch.get_autocast_dtype("cpu")
        terms = [None if term is None else term.to(kind) for term in (images, weight, bias)]
        answer: Tensor = Depthwise.apply(*terms, stride, padding, dilation)
        return answer
    return functional.conv2d(images, weight, bias, *geometry)


def _folded(weight: Tensor, bias: Tensor | None, norm: _BatchNorm) -> tuple[Tensor, Tensor]:
    """One convolution in place of a convolution and a batch norm with fixed statistics.

    norm(w * x + b) = (s w) * x + s (b - mean) + shift, with s = scale / sqrt(variance + eps).
    """
    mean, variance = norm.running_mean, norm.running_var
    assert mean is not None
    assert variance is not None
    scale = norm.weight * torch.rsqrt(variance + norm.eps)
    offset = -mean if bias is None else bias - mean
    return weight * scale[:, None, None, None], offset * scale + norm.bias
