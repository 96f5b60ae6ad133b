"""One picture, as large as it fits, on a calm mat; a second one may be laid over it, more or less opaque."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import font, ink

ROUND = 8
FADED = 0.35
OPENERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class PicturePane(QWidget):
    """`show_image(image, overlay)`. If it `opens`, a click, Enter or Space emits `opened`: show it large."""

    opened = Signal()

    def __init__(self, name: str, hint: str = "", opens: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opens = opens
        self.image, self.overlay, self.hint = QImage(), QImage(), hint
        self.opacity = 1.0
        self.faded = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if opens else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage, overlay: QImage | None = None) -> None:
        """Show this picture; a null one leaves the hint."""
        self.image, self.overlay = image, overlay or QImage()
        self.faded = False
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._can_open() else Qt.CursorShape.ArrowCursor)
        self.update()

    def show_hint(self, hint: str) -> None:
        """What to say while there is no picture."""
        self.hint = hint
        self.update()

    def set_opacity(self, share: float) -> None:
        """How much of the overlay is seen, 0 to 1."""
        self.opacity = share
        self.update()

    def fade(self) -> None:
        """The picture is not of this moment any more."""
        self.faded = True
        self.update()

    def composed(self) -> QImage:
        """Picture and overlay as one image, at the picture's own size."""
        made = self.image.convertToFormat(QImage.Format.Format_RGB32)
        painter = QPainter(made)
        self._paint_overlay(painter, QRectF(made.rect()))
        painter.end()
        return made

    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, inks = QPainter(self), ink()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        mat = QPainterPath()
        mat.addRoundedRect(QRectF(self.rect()), ROUND, ROUND)
        painter.fillPath(mat, inks.sunken)
        if self.image.isNull():
            painter.setPen(inks.muted)
            painter.setFont(font())
            words = QRectF(self.rect()).adjusted(24, 24, -24, -24)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.hint)
        else:
            self._paint_picture(painter, mat)
        if self.hasFocus():
            painter.setClipping(False)
            painter.setPen(QPen(inks.accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), ROUND, ROUND)

    def place(self) -> QRectF:
        """Where the picture lies in the pane: all of it, centred."""
        room = QRectF(self.rect())
        fitted = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, fitted.width(), fitted.height())
        place.moveCenter(room.center())
        return place

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._can_open():
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in OPENERS and self._can_open():
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def _can_open(self) -> bool:
        return self.opens and not self.image.isNull()

    def _paint_picture(self, painter: QPainter, mat: QPainterPath) -> None:
        place = self.place()
        corners = QPainterPath()
        corners.addRoundedRect(place, ROUND, ROUND)
        painter.setClipPath(corners.intersected(mat))
        painter.setOpacity(FADED if self.faded else 1.0)
        painter.drawImage(place, self.image)
        self._paint_overlay(painter, place)
        painter.setOpacity(1.0)

    def _paint_overlay(self, painter: QPainter, place: QRectF) -> None:
        if not self.overlay.isNull() and self.opacity > 0:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(self.opacity)
            painter.drawImage(place, self.overlay)
