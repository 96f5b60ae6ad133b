"""Pictures as a list model: thumbnails are requested when they are painted, and few are kept."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QWidget

from finetuner.gui.widgets.image_loader import ImageLoader, Load

MOST_CACHED = 1200
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Picture:
    """One item: `key` is given to the loading function, `note` is a badge; `flawed` is framed in red, `dimmed` pale."""

    key: str
    caption: str = ""
    note: str = ""
    flawed: bool = False
    dimmed: bool = False


class PictureModel(QAbstractListModel):
    """Pictures with the thumbnails that are at hand; a missing one is requested when it is painted."""

    def __init__(self, load: Load, parent: QWidget) -> None:
        super().__init__(parent)
        self.pictures: list[Picture] = []
        self._rows: dict[str, int] = {}
        self._cache: OrderedDict[str, QPixmap] = OrderedDict()
        self._loader = ImageLoader(load, self)
        self._loader.loaded.connect(self._loaded)
        self._pixels = 0

    def replace(self, pictures: Iterable[Picture]) -> None:
        """Show these pictures instead."""
        self.beginResetModel()
        self.pictures = list(pictures)
        self._rows = {picture.key: row for row, picture in enumerate(self.pictures)}
        self.endResetModel()

    def append(self, pictures: Sequence[Picture]) -> None:
        """Add pictures at the end, as a scan finds them."""
        if pictures:
            first = len(self.pictures)
            self.beginInsertRows(QModelIndex(), first, first + len(pictures) - 1)
            self.pictures += pictures
            self._rows |= {picture.key: first + row for row, picture in enumerate(pictures)}
            self.endInsertRows()

    def change(self, row: int, picture: Picture) -> None:
        """Show another state of the same picture."""
        self.pictures[row] = picture
        self.dataChanged.emit(self.index(row), self.index(row))

    def thumbnail(self, row: int, pixels: int) -> QPixmap | None:
        """The thumbnail of a row, None while it is being loaded; a null one cannot be read."""
        if pixels != self._pixels:
            self._cache.clear()
            self._pixels = pixels
        key = self.pictures[row].key
        if key not in self._cache:
            self._loader.request(key, pixels)
            return None
        self._cache.move_to_end(key)
        return self._cache[key]

    def close(self) -> None:
        """Stop loading."""
        self._loader.close()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.pictures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        picture = self.pictures[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{picture.caption} {picture.note}".strip() or picture.key
        return f"{picture.caption}\n{picture.key}".strip() if role == Qt.ItemDataRole.ToolTipRole else None

    def _loaded(self, key: str, image: QImage) -> None:
        self._cache[key] = QPixmap.fromImage(image)
        if len(self._cache) > MOST_CACHED:
            self._cache.popitem(last=False)
        row = self._rows.get(key)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))
