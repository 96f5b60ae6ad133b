"""A place to drop files and folders on; buttons for those who prefer them stand inside."""

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.ink import ink, mix


class DropZone(QWidget):
    """`dropped(paths)` with what was let go here; `add_button` puts a button under the words."""

    dropped = Signal(list)

    def __init__(self, title: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint)
        self._over = False
        self._title = _words(title, "title")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 96, 32, 32)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(self._title)
        layout.addWidget(_words(hint, "subtitle"))
        layout.addSpacing(12)
        layout.addLayout(self._buttons)
        layout.addStretch(1)

    def add_button(self, button: QAbstractButton) -> None:
        """Add a button to the row under the words."""
        if self._buttons.count() == 0:
            self._buttons.addStretch(1)
            self._buttons.addStretch(1)
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_paths(event):
            event.acceptProposedAction()
            self._lift(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._lift(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._lift(False)
        event.acceptProposedAction()
        self.dropped.emit(_local_paths(event))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, inks = QPainter(self), ink()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = inks.accent if self._over else mix(inks.surface, inks.text, 0.24)
        painter.setPen(QPen(edge, 2, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap))
        pen = painter.pen()
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setBrush(mix(inks.surface, inks.accent, 0.10 if self._over else 0.03))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 14, 14)
        top = self._title.geometry().top()
        _draw_photos(painter, QPointF(self.width() / 2, top - 48), inks.accent, inks.surface)

    def _lift(self, over: bool) -> None:
        self._over = over
        self.update()


def _local_paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _words(text: str, role: str) -> QLabel:
    label = theme.label(text, role, wrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def _draw_photos(painter: QPainter, centre: QPointF, colour: QColor, paper: QColor) -> None:
    """Two photographs, one leaning behind the other."""
    for angle, fill, share in ((-10.0, paper, 0.45), (6.0, paper, 1.0)):
        painter.save()
        painter.translate(centre)
        painter.rotate(angle)
        pen = QPen(mix(paper, colour, share), 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(-28, -21, 56, 42), 5, 5)
        if share == 1.0:
            painter.drawEllipse(QPointF(-13, -8), 4.5, 4.5)
            painter.drawPolyline([QPointF(-22, 15), QPointF(-8, 1), QPointF(1, 10), QPointF(10, -2), QPointF(22, 13)])
        painter.restore()
