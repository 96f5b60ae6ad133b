"""The board: a row for each photo, a column for each method. One photo and one method are the simplest board."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.pages.explanations.cell import Cell
from finetuner.gui.pages.explanations.frame import NARROWEST, Frame, height_of
from finetuner.gui.pages.explanations.look import Look
from finetuner.gui.pages.explanations.photos import SIDE, Photo
from finetuner.gui.widgets.image_loader import ImageLoader

_STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_FEW, _SMALL = 12, 400
_LOWEST = theme.GRID * 15
_PHOTOGRAPH = 0.7  # height over width


class Board(QScrollArea):
    """`opened(row, column)`, `kept(row, column)` of a picture; column 0 holds the photos. `entered` likewise."""

    opened = Signal(int, int)
    kept = Signal(int, int)
    entered = Signal(int, int)

    def __init__(self) -> None:
        super().__init__(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self.photos: list[Photo] = []
        self.methods: list[str] = []
        self.frames: dict[tuple[Path, str], Frame] = {}
        self._look = Look()
        self._content = QWidget(objectName="content")
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.GAP)
        self._loader = ImageLoader(load_image, self)
        self._loader.loaded.connect(self._on_loaded)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._content)

    def show_grid(self, photos: Sequence[Photo], methods: Sequence[str]) -> None:
        """Show these; a cell that was there before stays as it is."""
        self.photos, self.methods = list(photos), list(methods)
        wanted = [(photo.path, method) for photo in photos for method in ("", *methods)]
        for key in self.frames.keys() - set(wanted):
            self._drop(self.frames.pop(key))
        for place, key in enumerate(wanted):
            frame = self.frames.get(key) or self._add(key)
            self._grid.addWidget(frame, *divmod(place, len(methods) + 1))
        for photo in photos:
            self.frames[photo.path, ""].say(photo.caption, photo.path.name)
        self._stretch()
        self._fit()

    def cells(self) -> Iterator[tuple[Photo, Cell]]:
        """Every cell with its photo, row by row."""
        for photo in self.photos:
            for method in self.methods:
                yield photo, self.cell(photo, method)

    def cell(self, photo: Photo, method: str) -> Cell:
        """What a method makes of a photo."""
        found = self.frames[photo.path, method]
        assert isinstance(found, Cell)
        return found

    def show_photo(self, path: Path, image: QImage, hint: str) -> None:
        """A photo arrived; `hint` stands in its place if it cannot be read."""
        for photo in self.photos:
            if photo.path == path:
                original = self.frames[path, ""].pane
                original.show_hint(hint)
                original.show_image(image)
                for method in self.methods:
                    self.cell(photo, method).show_photo(image)

    def set_look(self, look: Look) -> None:
        """Look at every cell like this."""
        self._look = look
        for _, cell in self.cells():
            cell.set_look(look)

    def close_loader(self) -> None:
        """Stop loading."""
        self._loader.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move from picture to picture."""
        step = _STEPS.get(Qt.Key(event.key()))
        here = next((place for place, frame in self._places() if frame.pane is self.focusWidget()), None)
        if step is None or here is None:
            return super().keyPressEvent(event)
        there = (here[0] + step[0], here[1] + step[1])
        frame = next((frame for place, frame in self._places() if place == there), None)
        if frame is not None:
            frame.pane.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(frame)

    def _places(self) -> Iterator[tuple[tuple[int, int], Frame]]:
        for row, photo in enumerate(self.photos):
            for column, method in enumerate(("", *self.methods)):
                yield (row, column), self.frames[photo.path, method]

    def _add(self, key: tuple[Path, str]) -> Frame:
        path, method = key
        frame = Cell(method) if method else Frame(self.tr("Original, {}").format(path.name))
        if isinstance(frame, Cell):
            frame.set_look(self._look)
            frame.wanted.connect(self._load)
            photo = self.frames.get((path, ""))
            frame.show_photo(photo.pane.image if photo else QImage())
        for signal, told in ((frame.opened, self.opened), (frame.kept, self.kept), (frame.entered, self.entered)):
            signal.connect(partial(self._tell, told, key))
        self.frames[key] = frame
        return frame

    def _tell(self, signal: SignalInstance, key: tuple[Path, str]) -> None:
        place = next((place for place, frame in self._places() if frame is self.frames.get(key)), None)
        if place is not None:
            signal.emit(*place)

    def _drop(self, frame: Frame) -> None:
        self._grid.removeWidget(frame)
        frame.hide()
        frame.deleteLater()

    def _stretch(self) -> None:
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, int(column <= len(self.methods)))
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, int(row < len(self.photos)))

    def _fit(self) -> None:
        """One row fills the board; of several each is as high as photographs are."""
        columns = len(self.methods) + 1
        width = max((self.viewport().width() - theme.GAP * (columns - 1)) // columns, NARROWEST)
        height = height_of(width, max(round(width * _PHOTOGRAPH), _LOWEST))
        if len(self.photos) < 2:
            height = max(self.viewport().height(), height_of(width, _LOWEST))
        for frame in self.frames.values():
            frame.fit(width, height)

    def _load(self, file: str) -> None:
        self._loader.request(file, SIDE if len(self.frames) <= _FEW else _SMALL)

    def _on_loaded(self, file: str, image: QImage) -> None:
        for _, cell in self.cells():
            explained = cell.finding.explained
            if explained is not None and file in (explained.overlay, explained.heat):
                cell.show_file(file, image)
