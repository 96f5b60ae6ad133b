"""A well: a folder or a picture is dropped into it, or chosen with its button."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from finetuner.engine.dataset.names import readable
from finetuner.gui import theme
from finetuner.gui.widgets.ink import ink, mix
from finetuner.gui.widgets.picture_pane import PicturePane


class Well(QWidget):
    """`path` is what lies in it; `changed` when that is another."""

    changed = Signal()

    def __init__(self, heading: str, hint: str) -> None:
        super().__init__()
        self.path: Path | None = None
        self.heading, self._hint, self._over = heading, hint, False
        self.name = theme.label(hint, "small")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.button = theme.button(self.tr("Choose…"))
        self.button.setAccessibleName(self.tr("Choose: {}").format(heading))
        self.button.clicked.connect(self.choose)
        self.column = QVBoxLayout(self)
        self.setAcceptDrops(True)
        self.setAccessibleName(heading)
        self._lay_out()

    def put(self, path: Path) -> None:
        """Let this lie in it."""
        if path != self.path:
            self.path = path
            self.setAccessibleDescription(readable(str(path)))
            self.name.setToolTip(readable(str(path)))
            self._elide()
            self.changed.emit()

    def choose(self) -> None:
        """Ask for what shall lie in it."""
        if chosen := self.ask(str(self.path.parent if self.path else Path.home())):
            self.put(Path(chosen))

    def ask(self, start: str) -> str:
        """The dialog: a folder."""
        return QFileDialog.getExistingDirectory(self, self.heading, start)

    def fits(self, path: Path) -> bool:
        """Whether this may be dropped here."""
        return path.is_dir()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event) is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._lift(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._lift(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._lift(False)
        if (path := self._dropped(event)) is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.put(path)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, inks = QPainter(self), ink()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = inks.accent if self._over else mix(inks.surface, inks.text, 0.24)
        painter.setPen(QPen(edge, 1, Qt.PenStyle.DashLine if self.path is None else Qt.PenStyle.SolidLine))
        painter.setBrush(mix(inks.surface, inks.accent, 0.10 if self._over else 0.03))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.GRID, theme.GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _dropped(self, event: QDropEvent) -> Path | None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        return paths[0] if len(paths) == 1 and self.fits(paths[0]) else None

    def _lift(self, over: bool) -> None:
        self._over = over
        self.update()

    def _elide(self) -> None:
        told = readable(self.path.name) if self.path else self._hint
        self.name.setText(self.name.fontMetrics().elidedText(told, Qt.TextElideMode.ElideMiddle, self.name.width()))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.HALF)
        words.addWidget(theme.label(self.heading, "strong"))
        words.addWidget(self.name)
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self.column.setContentsMargins(theme.GRID * 2, theme.GRID, theme.GRID, theme.GRID)
        self.column.setSpacing(theme.GRID)
        self.column.addLayout(row)


class PictureWell(Well):
    """It shows the picture that lies in it."""

    def __init__(self, heading: str, hint: str) -> None:
        super().__init__(heading, hint)
        self.pane = PicturePane(heading, self.tr("Drop a picture here"), opens=False)
        self.column.insertWidget(0, self.pane, 1)
        self.column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)

    def ask(self, start: str) -> str:
        """The dialog: an image."""
        chosen, _ = QFileDialog.getOpenFileName(self, self.heading, start)
        return chosen

    def fits(self, path: Path) -> bool:
        """Whether this may be dropped here."""
        return path.is_file()

    def show_image(self, image: QImage) -> None:
        """The picture was read; a null one could not be."""
        self.pane.show_hint(self.tr("This file cannot be read as an image."))
        self.pane.show_image(image)
