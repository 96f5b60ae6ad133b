"""Pixels decoded once: square uint8 images in memory-mapped storage, read by every epoch after."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from finetuner.engine import paths
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.dataset.pool import in_order
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.dataset.square import central_square
from finetuner.engine.errors import FinetunerError

_RESAMPLING = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


class PixelCache:
    """The whole centre square of each image at side `input_size / crop_pct`: N,R,R,3 uint8.

    Its centre is what the deployed preprocessing sees; the margin around it is room for augmentation. Images from
    index `judged_from` on have no margin: they are judged, not varied, and come from the deployed steps themselves.
    The storage is a nameless temporary file, so that nothing is left behind, even after kill -9.
    """

    def __init__(self, files: Sequence[Path], preprocessing: Preprocessing, judged_from: int | None = None) -> None:
        self.files = list(files)
        self.judged_from = len(self.files) if judged_from is None else judged_from
        self.side = round(preprocessing.input_size / preprocessing.crop_pct)
        self.input_size = preprocessing.input_size
        self.unreadable: dict[int, str] = {}
        self._deployed = Preprocess(preprocessing)
        self._resampling = _RESAMPLING[preprocessing.interpolation]
        self.pixels = _storage(len(self.files), self.side)

    def fill(self, count: int | None = None) -> Iterator[int]:
        """Decode everything, or the first `count`, a few threads ahead; yield how many are done.

        Unreadable files are noted.
        """
        with closing(in_order(self._trouble, range(len(self.files) if count is None else count))) as troubles:
            for index, trouble in enumerate(troubles):
                if trouble:
                    self.unreadable[index] = trouble
                yield index + 1

    def centre(self, index: int) -> NDArray[np.uint8]:
        """S,S,3: what the network sees of image `index` without augmentation."""
        margin = (self.side - self.input_size) // 2
        inside = slice(margin, margin + self.input_size)
        return self.pixels[index, inside, inside]

    def _trouble(self, index: int) -> str:
        """Read one image; return why it cannot be used, or nothing."""
        try:
            self._read(index)
        except FinetunerError as error:
            return error.sentence
        return ""

    def _read(self, index: int) -> None:
        if index >= self.judged_from:
            pixels = torch.from_numpy(np.array(open_rgb(self.files[index])))[None]
            self.centre(index)[:] = self._deployed.seen(pixels)[0].numpy()
        else:
            self._read_with_margin(index)

    def _read_with_margin(self, index: int) -> None:
        image = open_rgb(self.files[index], at_least=self.side)
        self.pixels[index] = central_square(image, self.side, self._resampling)


def _storage(count: int, side: int) -> NDArray[np.uint8]:
    shape = (max(count, 1), side, side, 3)
    folder = paths.cache_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        try:
            _reserve(file.fileno(), int(np.prod(shape)))
            return np.memmap(file, dtype=np.uint8, mode="r+", shape=shape)
        except OSError as error:
            raise FinetunerError(
                f"There is no room for {np.prod(shape) / 2**20:.0f} MB of decoded images in {folder}.",
                "Free some space, or choose a smaller image size.",
            ) from error


def _reserve(descriptor: int, size: int) -> None:
    """Take the room now: a write into a mapping for which the disk has none would end the process with SIGBUS."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
    else:
        os.ftruncate(descriptor, size)
