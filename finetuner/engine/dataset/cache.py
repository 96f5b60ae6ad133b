"""Pixels decoded once: square uint8 images in memory-mapped storage, read by every epoch after, and by the next run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import PIL
import torch
from numpy.typing import NDArray
from PIL import Image

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.dataset.pixel_shelf import opened
from finetuner.engine.dataset.pixel_store import Store
from finetuner.engine.dataset.pool import in_order
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.dataset.square import central_square
from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import sha256_of

_RESAMPLING = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
_VERSION = 1
"""Another number where the rule of decoding or cutting changes: what was kept is then not found any more."""
_MANY = 256  # images after which what was decoded is noted for the next run


class PixelCache:
    """The whole centre square of each image at side `input_size / crop_pct`: R,R,3 uint8.

    Its centre is what the deployed preprocessing sees; the margin around it is room for augmentation. Images from
    index `judged_from` on have no margin: they are judged, not varied, and come from the deployed steps themselves.
    `contents` are the SHA-256 sums of the files that were read; nothing for one that changed meanwhile.
    """

    def __init__(self, files: Sequence[Path], preprocessing: Preprocessing, judged_from: int | None = None) -> None:
        self.files = list(files)
        self.judged_from = len(self.files) if judged_from is None else judged_from
        self.side = round(preprocessing.input_size / preprocessing.crop_pct)
        self.input_size = preprocessing.input_size
        self.unreadable: dict[int, str] = {}
        self.contents = [""] * len(self.files)
        self._deployed = Preprocess(preprocessing)
        self._resampling = _RESAMPLING[preprocessing.interpolation]
        self._rows = [-1] * len(self.files)
        self._stores: tuple[Store, ...] = ()

    def fill(self, count: int | None = None) -> Iterator[int]:
        """Decode everything, or the first `count`, a few threads ahead; yield how many are done.

        Unreadable files are noted. Raises FinetunerError when the disk has no room.
        """
        total = len(self.files) if count is None else count
        varied = min(total, self.judged_from)
        with ExitStack() as stack:
            with_margin = stack.enter_context(opened(self._view("margin"), self.side, varied))
            judged = stack.enter_context(opened(self._view("judged"), self.input_size, total - varied))
            self._stores = with_margin, judged
            troubles = stack.enter_context(closing(in_order(self._trouble, range(total))))
            for index, trouble in enumerate(troubles):
                if trouble:
                    self.unreadable[index] = trouble
                if index % _MANY == _MANY - 1:
                    for store in self._stores:
                        store.note()
                yield index + 1

    def square(self, index: int) -> NDArray[np.uint8]:
        """R,R,3: image `index` with its margin; S,S,3 for one that is judged."""
        square: NDArray[np.uint8] = self._store(index).squares[self._rows[index]]
        return square

    def centre(self, index: int) -> NDArray[np.uint8]:
        """S,S,3: what the network sees of image `index` without augmentation."""
        square = self.square(index)
        margin = (len(square) - self.input_size) // 2
        inside = slice(margin, margin + self.input_size)
        return square[inside, inside]

    def _trouble(self, index: int) -> str:
        """Read one image; return why it cannot be used, or nothing."""
        try:
            self._read(index)
        except FinetunerError as error:
            return error.sentence
        return ""

    def _read(self, index: int) -> None:
        """From the store, if it knows the file's content; else from the file."""
        store, file = self._store(index), self.files[index]
        before, content = _stamp(file), _content(file)
        row = store.find(content)
        if row is None:
            square = self._decoded(index)
            content = content if _stamp(file) == before else ""  # else it has changed under our hands
            row = store.add(content, square)
        self._rows[index], self.contents[index] = row, content

    def _decoded(self, index: int) -> NDArray[np.uint8]:
        if index < self.judged_from:
            return central_square(open_rgb(self.files[index], at_least=self.side), self.side, self._resampling)
        pixels = torch.from_numpy(np.array(open_rgb(self.files[index])))[None]
        return self._deployed.seen(pixels)[0].numpy()

    def _store(self, index: int) -> Store:
        return self._stores[index >= self.judged_from]

    def _view(self, kind: str) -> str:
        """All that a square depends on besides the file's content."""
        steps = f"{self.side}-{self.input_size}-{self._deployed.crop_permille}-{self._deployed.interpolation}"
        return f"{kind}-{steps}-{_VERSION}-pillow-{PIL.__version__}-torch-{torch.__version__}"


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _content(file: Path) -> str:
    """The SHA-256 of the file; nothing where it cannot be read, which decoding will put into a sentence.

    A pipe would be waited for, and a device has no end.
    """
    try:
        return sha256_of(file) if file.is_file() else ""
    except OSError:
        return ""
