"""Equal networks are traced once in this process: tracing takes seconds, and most tests ask what comes after it."""

import copy
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from torch import nn

from finetuner.engine.exporters import onnx, pt2

_known: dict[tuple[str, str], Any] = {}


@contextmanager
def traced_once() -> Iterator[None]:
    """A network that differs in a part, a weight or a setting is traced as ever."""
    with pytest.MonkeyPatch.context() as patch:
        for format in (onnx, pt2):
            patch.setattr(format, "traced", _remembering(format.__name__, format.traced))
        yield


def _remembering(format: str, really: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def traced(deployed: nn.Module) -> Any:
        key = format, content(deployed)
        if key not in _known:
            _known[key] = really(deployed)
        return copy.deepcopy(_known[key])

    return traced


def content(network: nn.Module) -> str:
    """A hash of all that a trace can depend on: each part's kind, settings, parameters and buffers."""
    told = hashlib.sha256()
    for path, part in network.named_modules():
        settings = {name: value for name, value in vars(part).items() if isinstance(value, int | float | str | tuple)}
        told.update(repr((path, type(part), part.extra_repr(), sorted(settings.items()))).encode())
    for name, tensor in [*network.named_parameters(), *network.named_buffers()]:
        told.update(repr((name, tensor.dtype, tensor.shape)).encode() + tensor.detach().cpu().numpy().tobytes())
    return told.hexdigest()
