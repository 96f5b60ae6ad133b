"""One picture large: zoom, drag, next and previous."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPalette, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QDialog,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from finetuner.gui.widgets.image_loader import ImageLoader, Load
from finetuner.gui.widgets.thumbnail_grid import Picture
from finetuner.gui.widgets.tool_button import tool_button

ZOOM_STEP, SMALLEST, LARGEST = 1.25, 0.02, 40.0


class ZoomView(QGraphicsView):
    """A picture that fits until it is zoomed; the wheel zooms where the pointer is, dragging moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = QGraphicsPixmapItem()
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._fits = True
        self.setScene(QGraphicsScene(self))
        self.scene().addItem(self._item)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setBackgroundBrush(self.palette().color(QPalette.ColorRole.AlternateBase))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Picture")

    def show_image(self, image: QImage) -> None:
        """Show an image, fitted."""
        self._item.setPixmap(QPixmap.fromImage(image))
        self.scene().setSceneRect(self._item.boundingRect())
        self.fit()

    def fit(self) -> None:
        """The whole picture, never larger than its own pixels twice."""
        self._fits = True
        self.resetTransform()
        if not self._item.pixmap().isNull():
            self.fitInView(self._item, Qt.AspectRatioMode.KeepAspectRatio)
            if self.zoom() > 2:
                self.resetTransform()
                self.scale(2, 2)

    def zoom(self) -> float:
        """Screen units per picture pixel."""
        return self.transform().m11()

    def zoom_by(self, factor: float) -> None:
        """Zoom in or out, within reason."""
        if SMALLEST < self.zoom() * factor < LARGEST:
            self._fits = False
            self.scale(factor, factor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(ZOOM_STEP ** (event.angleDelta().y() / 120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()


class ImageViewer(QDialog):
    """Arrows: previous and next. + and -: zoom, 0: fit. Space or Esc: back."""

    def __init__(self, load: Load, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: list[Picture] = []
        self.row = 0
        self.view = ZoomView(self)
        self.caption = QLabel(self)
        # a long name must not widen the window
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._loader = ImageLoader(load, self)
        self._loader.loaded.connect(self._loaded)
        self._lay_out()
        self.finished.connect(self._loader.drop)
        self.resize(960, 720)

    def show_pictures(self, pictures: Sequence[Picture], row: int) -> None:
        """Open on one of these pictures."""
        self.pictures = list(pictures)
        self.go_to(row)
        self.open()

    def go_to(self, row: int) -> None:
        """Show this picture; at either end it stays."""
        if self.pictures:
            self.row = max(0, min(row, len(self.pictures) - 1))
            picture = self.pictures[self.row]
            words = " · ".join(part for part in (picture.caption, picture.note, Path(picture.key).name) if part)
            self.caption.setText(f"{self.row + 1:,} / {len(self.pictures):,}   {words}")
            self.caption.setToolTip(picture.key)
            self.setWindowTitle(picture.caption or picture.key)
            self._loader.request(picture.key, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match Qt.Key(event.key()):
            case Qt.Key.Key_Left | Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self.go_to(self.row - 1)
            case Qt.Key.Key_Right | Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self.go_to(self.row + 1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.view.zoom_by(ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self.view.zoom_by(1 / ZOOM_STEP)
            case Qt.Key.Key_0:
                self.view.fit()
            case Qt.Key.Key_Space:
                self.accept()
            case _:
                super().keyPressEvent(event)

    def _loaded(self, key: str, image: QImage) -> None:
        if key != self.pictures[self.row].key:
            return
        self.view.show_image(image)
        if image.isNull():
            self.caption.setText(f"{self.caption.text()}   This file can no longer be read.")

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 12)
        foot.addWidget(self.caption, 1)
        for symbol, name, slot in (
            ("chevron-left", "Previous (←)", lambda: self.go_to(self.row - 1)),
            ("chevron-right", "Next (→)", lambda: self.go_to(self.row + 1)),
            ("plus", "Zoom in (+)", lambda: self.view.zoom_by(ZOOM_STEP)),
            ("search", "Fit (0)", self.view.fit),
        ):
            foot.addWidget(tool_button(symbol, name, slot))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)
