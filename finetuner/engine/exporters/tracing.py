"""From a torch module to an ONNX graph by torch's exporter, and what that must be told of some architectures."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import tqdm
from torch import nn

from finetuner.engine.exporters.resizing import translations

# clips one value several times; where the optimiser joins the clips, it gives their limits one name
_CLIPS_AGAIN = "timm.models.gemma4_vit"


def trace(deployed: nn.Module, inputs: list[str], outputs: list[str]) -> Any:
    """The module as an ONNX ModelProto with symbolic n, h and w, its input uint8 N,H,W,3."""
    example = torch.zeros(2, 213, 197, 3, dtype=torch.uint8)
    sizes = {0: torch.export.Dim("n"), 1: torch.export.Dim("h"), 2: torch.export.Dim("w")}
    with quiet(), plain_attention(deployed), torch.no_grad():
        program = torch.onnx.export(
            deployed.cpu().eval(),
            (example,),
            dynamo=True,
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=(sizes,),
            custom_translation_table=translations(),
            verbose=False,
            optimize=not any(type(module).__module__ == _CLIPS_AGAIN for module in deployed.modules()),
        )
    assert program is not None, "dynamo=True always gives a program"
    return program.model_proto


@contextmanager
def plain_attention(model: nn.Module) -> Iterator[None]:
    """Let timm's networks compute attention step by step: the same operations, and fewer nodes, in the graph.

    The exporter translates fused attention over four axes only; Hiera, NesT, Twins and SAM have three or five.
    """
    found = [module for module in model.modules() if getattr(module, "fused_attn", False)]
    _fuse(found, False)
    try:
        yield
    finally:
        _fuse(found, True)


def _fuse(modules: list[nn.Module], fused: bool) -> None:
    for module in modules:
        module.fused_attn = fused  # type: ignore[assignment]


@contextmanager
def quiet() -> Iterator[None]:
    """The exporter's remarks are for its developers; its hidden progress bars would leave a thread behind."""
    log, bar = logging.getLogger("torch.onnx"), tqdm.tqdm
    level, interval = log.level, bar.monitor_interval
    log.setLevel(logging.ERROR)
    bar.monitor_interval = 0
    try:
        yield
    finally:
        log.setLevel(level)
        bar.monitor_interval = interval
