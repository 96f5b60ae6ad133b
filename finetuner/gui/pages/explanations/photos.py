"""The photos that are explained: read, and told apart by their content, beside the window."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from finetuner.engine.dataset.formats import FORMATS
from finetuner.engine.dataset.walk import Walk
from finetuner.engine.files import sha256_of
from finetuner.gui.bridge.images import load_image
from finetuner.gui.widgets.image_loader import ImageLoader

MOST = 12
"""So many photos side by side: more are no comparison."""
_MOST_LISTED, _MOST_LOOKED_AT = 2_000, 20_000
SIDE = 640


@dataclass(frozen=True)
class Photo:
    """An image file, what is known about it, and its true class where that is known."""

    path: Path
    caption: str
    truth: str | None = None


class Photos(QObject):
    """`ask(paths)`; `arrived(path, image)` for each, null when it cannot be read. Then `content(path)` is known."""

    arrived = Signal(str, QImage)

    def __init__(self) -> None:
        super().__init__()
        self._contents: dict[str, str] = {}
        self._digests: dict[str, str] = {}  # from the loading threads, on their way
        self._failed = set[str]()
        self._loader = ImageLoader(self._load, self)
        self._loader.loaded.connect(self._on_loaded)

    def ask(self, paths: Sequence[Path]) -> None:
        """Read these files, the first one first."""
        for path in reversed(paths):
            self._contents.pop(str(path), None)
            self._failed.discard(str(path))
            self._loader.request(str(path), SIDE)

    def content(self, path: Path) -> str:
        """What tells its content from any other; empty until it has arrived, and if it cannot be read."""
        return self._contents.get(str(path), "")

    def unreadable(self, path: Path) -> bool:
        """Whether it was tried, in vain."""
        return str(path) in self._failed

    def close(self) -> None:
        """Stop reading."""
        self._loader.close()

    def _on_loaded(self, path: str, image: QImage) -> None:
        content = self._digests.pop(path, "")
        if image.isNull():
            self._failed.add(path)
        else:
            self._contents[path] = content
        self.arrived.emit(path, image)

    def _load(self, path: str, side: int) -> QImage:
        image = load_image(path, side)
        if not image.isNull():
            try:
                self._digests[path] = sha256_of(Path(path))
            except OSError:  # gone in the meantime
                return QImage()
        return image


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files that were dropped, and the images in the folders that were; of endless folders the first."""
    found = [file for path in paths for file in ([path] if not path.is_dir() else _images_in(path))]
    return list(dict.fromkeys(found))[:_MOST_LISTED]


def _images_in(folder: Path) -> list[Path]:
    suffixes = {suffix for known in FORMATS.values() for suffix in known.suffixes}
    entries = islice((entry for entry in Walk(folder) if not entry.reason), _MOST_LOOKED_AT)
    images = (Path(entry.path) for entry in entries if Path(entry.path).suffix.lower() in suffixes)
    return list(islice(images, _MOST_LISTED))
