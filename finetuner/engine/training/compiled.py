"""Training passes as torch compiles them."""

import logging
import os
import tempfile
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor, nn

from finetuner.engine.backbones.network import Network
from finetuner.engine.training.passes import Passes


class Compiled:
    """The training passes of a network. The first of each batch size takes as long as compiling does."""

    def __init__(self, network: Network, device: torch.device, precision: str) -> None:
        self._model = _compiled(network.model)
        self._passes = Passes(network, device, precision, shortcuts=False)

    def __call__(self, images: Tensor) -> Tensor:
        """Logits N,C."""
        with self._passes.running():
            return self._model(images)


def _compiled(model: nn.Module) -> Callable[[Tensor], Tensor]:
    """Compiled when it is first called, for each batch size anew: code for any size is slower."""
    _settle()
    compiled: Callable[[Tensor], Tensor] = torch.compile(model, dynamic=False)
    return compiled


@cache
def _settle() -> "tempfile.TemporaryDirectory[str]":
    """No helper processes or threads, no pickles, nothing on the terminal, no file that outlives this process."""
    import torch._functorch.config as functorch
    import torch._inductor.config as inductor
    from tqdm import tqdm

    tqdm.monitor_interval = 0
    inductor.compile_threads = 1
    inductor.fx_graph_cache = False
    functorch.enable_autograd_cache = False
    torch._logging.set_logs(all=logging.ERROR)  # type: ignore[attr-defined]
    folder = tempfile.TemporaryDirectory(prefix="finetuner-compiled-", ignore_cleanup_errors=True)
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder.name
    return folder
