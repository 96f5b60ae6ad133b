"""Pixels decoded once: square uint8 images in memory-mapped storage, read by every epoch after."""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from finetuner.engine import paths
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError

_AHEAD = 32
_RESAMPLING = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


class PixelCache:
    """The whole centre square of each image at side `input_size / crop_pct`: N,R,R,3 uint8.

    Its centre is what the deployed preprocessing sees; the margin around it is room for augmentation.
    The storage is a nameless temporary file, so that nothing is left behind, even after kill -9.
    """

    def __init__(self, files: Sequence[Path], preprocessing: Preprocessing, workers: int = 2) -> None:
        self.files = list(files)
        self.side = round(preprocessing.input_size / preprocessing.crop_pct)
        self.input_size = preprocessing.input_size
        self.unreadable: dict[int, str] = {}
        self._resampling = _RESAMPLING[preprocessing.interpolation]
        self._workers = workers
        self.pixels = _storage(len(self.files), self.side)

    def fill(self) -> Iterator[int]:
        """Decode everything in the background threads; yield how many are done. Unreadable files are noted."""
        with ThreadPoolExecutor(self._workers, thread_name_prefix="decode") as pool:
            waiting = iter(enumerate(self.files))
            running = {pool.submit(self._read, *item): item for item in islice(waiting, _AHEAD)}
            for done in range(1, len(self.files) + 1):
                first = next(iter(running))
                self._note(first, *running.pop(first))
                running.update({pool.submit(self._read, *item): item for item in islice(waiting, 1)})
                yield done

    def centre(self, index: int) -> NDArray[np.uint8]:
        """S,S,3: what the network sees of image `index` without augmentation."""
        margin = (self.side - self.input_size) // 2
        inside = slice(margin, margin + self.input_size)
        return self.pixels[index, inside, inside]

    def _read(self, index: int, path: Path) -> None:
        image = open_rgb(path, at_least=self.side)
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        square = (left, top, left + side, top + side)
        self.pixels[index] = np.asarray(image.resize((self.side, self.side), self._resampling, box=square))

    def _note(self, future: "Future[None]", index: int, path: Path) -> None:
        try:
            future.result()
        except FinetunerError as error:
            self.unreadable[index] = error.sentence
        except OSError as error:
            self.unreadable[index] = f"{path.name}: {error.strerror or error}"


def _storage(count: int, side: int) -> NDArray[np.uint8]:
    shape = (max(count, 1), side, side, 3)
    folder = paths.cache_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        try:
            file.truncate(int(np.prod(shape)))
            return np.memmap(file, dtype=np.uint8, mode="r+", shape=shape)
        except OSError as error:
            raise FinetunerError(
                f"There is no room for {np.prod(shape) / 2**20:.0f} MB of decoded images in {folder}.",
                "Free some space, or choose a smaller image size.",
            ) from error
