"""How the squares of a pixel cache come to the device: read from memory in time, or put there once and for all."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import cached_property
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from finetuner.engine.dataset.cache import PixelCache
from finetuner.engine.dataset.pool import in_order

Indices = Sequence[int]
_AHEAD = 4  # batches that wait in pinned memory while the device computes
_CHUNK = 256
_SHARE = 0.4  # of the free memory of a device; the network and its gradients need the rest


def brought(images: Tensor, device: torch.device) -> Tensor:
    """The same on the device.

    Only with CUDA is it safe not to wait: memory that is let go stays until it is copied. An Apple GPU copies whatever
    lies there by then.
    """
    return images.to(device, non_blocking=device.type == "cuda")


class Feed(Protocol):
    """Squares of `cache` by their index."""

    cache: PixelCache

    def take(self, indices: Indices) -> Tensor:
        """uint8 N,R,R,3 on the device."""

    def stream(self, batches: Iterable[Indices]) -> Iterator[Tensor]:
        """`take` for one batch after the other."""


class HostFeed:
    """Squares stay in the machine's memory. An accelerator gets them from threads that work ahead of it.

    A processor that computes would only be disturbed by such threads: it fetches a batch when it needs it.
    """

    def __init__(self, cache: PixelCache, device: torch.device) -> None:
        self.cache, self._device = cache, device

    def take(self, indices: Indices) -> Tensor:
        """uint8 N,R,R,3 on the device."""
        return self._moved(self._gathered(indices))

    def stream(self, batches: Iterable[Indices]) -> Iterator[Tensor]:
        """`take` for one batch after the other."""
        if self._device.type == "cpu":
            yield from map(self.take, batches)
            return
        with closing(in_order(self._gathered, batches, _AHEAD)) as gathered:
            yield from map(self._moved, gathered)

    def _gathered(self, indices: Indices) -> Tensor:
        squares = torch.from_numpy(np.stack([self.cache.square(index) for index in indices]))
        return squares.pin_memory() if self._device.type == "cuda" else squares

    def _moved(self, squares: Tensor) -> Tensor:
        return brought(squares, self._device)


class DeviceFeed:
    """The squares of `indices` lie on the device, from the first that is taken on."""

    def __init__(self, cache: PixelCache, indices: Indices, device: torch.device) -> None:
        self.cache, self._indices, self._device = cache, list(indices), device
        self._places = {index: place for place, index in enumerate(self._indices)}

    def take(self, indices: Indices) -> Tensor:
        """uint8 N,R,R,3 on the device."""
        places = torch.tensor([self._places[index] for index in indices])
        return self._squares[places.to(self._device)]

    def stream(self, batches: Iterable[Indices]) -> Iterator[Tensor]:
        """`take` for one batch after the other."""
        return map(self.take, batches)

    @cached_property
    def _squares(self) -> Tensor:
        host = HostFeed(self.cache, self._device)
        chunks = [self._indices[start : start + _CHUNK] for start in range(0, len(self._indices), _CHUNK)]
        side = len(self.cache.square(self._indices[0]))
        squares = torch.empty(len(self._indices), side, side, 3, dtype=torch.uint8, device=self._device)
        for number, part in enumerate(host.stream(chunks)):
            squares[number * _CHUNK :][: len(part)] = part
        return squares


def feed_for(cache: PixelCache, indices: Indices, device: torch.device) -> Feed:
    """For images that every epoch looks at: on the device, if they fit."""
    if device.type == "cuda" and indices:
        free, _ = torch.cuda.mem_get_info(device)
        if len(indices) * cache.square(indices[0]).nbytes <= _SHARE * free:
            return DeviceFeed(cache, indices, device)
    return HostFeed(cache, device)
