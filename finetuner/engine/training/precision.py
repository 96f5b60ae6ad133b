"""fp32, bf16 or fp16: chosen by the device, and on a CPU by measuring this very network on this very machine."""

import torch

from finetuner.engine.backbones.network import Network
from finetuner.engine.errors import FinetunerError
from finetuner.engine.training.remembered import remembered
from finetuner.engine.training.trial import Trial, machine_and

WORTH_IT = 1.15
_LEARNED, _LOOKED_AT = 8, 4  # images that are enough to tell


def choose_precision(
    wanted: str, device: torch.device, network: Network, learns: bool, batch_norm: str = "frozen"
) -> str:
    """The precision for this run. On a CPU, bf16 must be measured faster by `WORTH_IT`, once per machine.

    `learns`: whether it takes training steps, with batch norm as it says; else only its forward pass is measured.
    """
    if wanted == "fp16" and device.type == "cpu":
        raise FinetunerError("The CPU cannot train in fp16.", "Choose fp32, bf16 or auto.")
    if wanted != "auto":
        return wanted
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    if device.type != "cpu" or not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return "fp32"
    work = f"{machine_and(network, device)} {f'step {batch_norm}' if learns else 'forward'}"
    return remembered("precision.json", work, lambda: _quicker(network, learns, batch_norm), str)


def _quicker(network: Network, learns: bool, batch_norm: str) -> str:
    return "bf16" if _gain(network, learns, batch_norm) >= WORTH_IT else "fp32"


def _gain(network: Network, learns: bool, batch_norm: str) -> float:
    """How much faster bf16 is than fp32; interleaved, so that noise hits both."""
    images, rounds = (_LEARNED, 3) if learns else (_LOOKED_AT, 2)
    trial = Trial(network, torch.device("cpu"), only_looks=not learns, batch_norm=batch_norm)
    seconds = [[trial.seconds(images, kind, learns) for kind in ("fp32", "bf16")] for _ in range(rounds)]
    slow, quick = (min(column) for column in zip(*seconds, strict=True))
    return slow / quick
