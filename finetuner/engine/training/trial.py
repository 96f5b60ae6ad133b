"""A few passes of a network with nothing at stake: how long they take, and what they keep in memory."""

import copy
import hashlib
import platform
import time
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from finetuner.engine.backbones.network import Network
from finetuner.engine.training.batch_norm import settle_norms
from finetuner.engine.training.memory_format import channels_last
from finetuner.engine.training.passes import Passes

Run = Callable[[Tensor], Tensor]
"""Normalised images N,3,S,S -> logits."""


class Trial:
    """A network on a device; a copy, so that the original learns nothing, unless the trial only looks."""

    def __init__(
        self, network: Network, device: torch.device, only_looks: bool = False, batch_norm: str = "frozen"
    ) -> None:
        self.network = network if only_looks else replace(network, model=copy.deepcopy(network.model))
        self.device, self.batch_norm = device, batch_norm
        channels_last(self.network.model.to(device))

    def seconds(self, images: int, precision: str, learns: bool, run: Run | None = None) -> float:
        """Of one forward pass, and of the backward pass as well if it `learns`. `run`: another way to run forward."""
        batch, run = self._batch(images), run or self._run(precision, learns)
        self._prepare(learns)
        self._wait()
        start = time.perf_counter()
        output = run(batch)
        if learns:
            output.float().square().mean().backward()
        self._wait()
        taken = time.perf_counter() - start
        self.network.model.zero_grad()
        return taken

    def _run(self, precision: str, learns: bool) -> Run:
        passes = Passes(self.network, self.device, precision)

        def run(batch: Tensor) -> Tensor:
            with passes.running() if learns else passes.looking():
                output: Tensor = self.network.model(batch)
            return output

        return run

    def kept_bytes(self, precision: str) -> int:
        """What autograd keeps of each image from the forward pass to the backward pass."""
        self._prepare(learns=True)
        # a batch norm that learns takes no single image
        two, three = (self._kept(images, precision) for images in (2, 3))
        return three - two  # weights, and what is made of them, are in both

    def _kept(self, images: int, precision: str) -> int:
        kept: dict[int, int] = {}

        def note(tensor: Tensor) -> Tensor:
            kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
            return tensor

        hooks = torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor)
        with hooks, Passes(self.network, self.device, precision).running():
            output = self.network.model(self._batch(images))
        del output  # until here nothing that was noted could be freed and its place be used again
        return sum(kept.values())

    def _prepare(self, learns: bool) -> None:
        self.network.model.train(learns)
        if learns:
            settle_norms(self.network.model, self.batch_norm)

    def _batch(self, images: int) -> Tensor:
        size = self.network.preprocessing.input_size
        batch = torch.randn(images, 3, size, size, device=self.device)
        return batch.contiguous(memory_format=torch.channels_last)

    def _wait(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        elif self.device.type == "mps":
            torch.mps.synchronize()


def machine_and(network: Network, device: torch.device) -> str:
    """What a measured time is true for: processor, device, torch, architecture, image size."""
    shapes = ";".join(f"{name}{tuple(p.shape)}" for name, p in network.model.named_parameters())
    architecture = hashlib.sha256(shapes.encode()).hexdigest()[:12]
    place = platform.processor() or platform.machine()
    if device.type == "cuda":
        place = torch.cuda.get_device_name(device)
    return f"{place} torch {torch.__version__} {architecture} {network.preprocessing.input_size}"
