"""A grid of thumbnails that stays smooth at 60,000 images: only what is seen is loaded, and little of it is kept."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFrame, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.grid_view import GridView
from finetuner.gui.widgets.image_loader import Load
from finetuner.gui.widgets.ink import font, ink
from finetuner.gui.widgets.picture_model import Index, Picture, PictureModel

CAPTION, LINE, MARGIN = 20, 16, 8
__all__ = ["Picture", "ThumbnailGrid"]


class PictureCell(QStyledItemDelegate):
    """A thumbnail with rounded corners, its caption beneath, a ring when selected."""

    def __init__(self, grid: "ThumbnailGrid") -> None:
        super().__init__(grid)
        self.grid = grid

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.grid.cell_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, state = QRectF(option.rect), option.state
        picture, side = self.grid.pictures.pictures[index.row()], rect.width() - 2 * MARGIN
        frame = QRectF(rect.left() + 2, rect.top() + 4, side, side)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(0.35 if picture.dimmed else 1.0)
        self._paint_thumbnail(painter, frame, index.row())
        self._paint_note(painter, frame, picture.note)
        self._paint_ring(painter, frame, picture, bool(state & QStyle.StateFlag.State_Selected))
        self._paint_caption(painter, QRectF(frame.left(), frame.bottom() + 3, side, CAPTION), picture)
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, frame: QRectF, row: int) -> None:
        path = QPainterPath()
        path.addRoundedRect(frame, 6, 6)
        painter.fillPath(path, ink().sunken)
        pixmap = self.grid.pictures.thumbnail(row, self.grid.pixels())
        if pixmap is None:
            return
        if pixmap.isNull():
            painter.setPen(ink().faint)
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, "unreadable")
            return
        painter.setClipPath(path)
        fitted = pixmap.size().scaled(frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        place = QRectF(0, 0, fitted.width(), fitted.height())
        place.moveCenter(frame.center())
        painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
        painter.setClipping(False)

    def _paint_ring(self, painter: QPainter, frame: QRectF, picture: Picture, selected: bool) -> None:
        inks = ink()
        if picture.flawed or selected:
            painter.setPen(QPen(inks.accent if selected else inks.bad, 3 if selected else 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(-1.5, -1.5, 1.5, 1.5), 7, 7)

    def _paint_caption(self, painter: QPainter, place: QRectF, picture: Picture) -> None:
        painter.setFont(font("small"))
        painter.setPen(ink().bad if picture.flawed else ink().text)
        metrics = QFontMetricsF(painter.font())
        for number, words in enumerate(folded(picture.caption, metrics, place.width(), self.grid.lines)):
            line = place.translated(0, number * LINE)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_note(self, painter: QPainter, frame: QRectF, note: str) -> None:
        if not note:
            return
        painter.setFont(font("small"))
        width = QFontMetricsF(painter.font()).horizontalAdvance(note) + 12
        badge = QRectF(frame.right() - width - 6, frame.bottom() - 26, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface", 0.88))
        painter.drawRoundedRect(badge, 5, 5)
        painter.setPen(ink().text)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, note)


def folded(words: str, metrics: QFontMetricsF, width: float, lines: int) -> list[str]:
    """In at most so many lines, broken at spaces; what is wider than `width` is elided."""
    made, *rest = words.split(" ")
    found = [made]
    for word in rest:
        longer = f"{found[-1]} {word}"
        if len(found) == lines or metrics.horizontalAdvance(longer) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return [metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, width) for line in found]


class ThumbnailGrid(GridView):
    """Pictures side by side, each with a caption of so many `lines`. Arrows move, Enter, Space or a double click
    `opened(row)`.

    `load(key, side)` makes a thumbnail in a pool thread, see `image_loader.ImageLoader`.
    """

    opened = Signal(int)
    # Qt asks for cells before __init__ has run; an exception there makes PySide lose a reference
    side = 128
    lines = 1

    def __init__(self, load: Load, side: int = 128, parent: QWidget | None = None, lines: int = 1) -> None:
        super().__init__(parent)
        self.side, self.lines = side, lines
        self.pictures = PictureModel(load, self)
        self.setModel(self.pictures)
        self.setItemDelegate(PictureCell(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Images")
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def set_side(self, side: int) -> None:
        """Show thumbnails of this side in pixels."""
        self.side = side
        self.updateGeometries()
        self.viewport().update()

    def cell_size(self) -> QSize:
        """A thumbnail with its caption and margins."""
        return QSize(self.side + 2 * MARGIN, self.side + self._caption() + 2 * MARGIN)

    def line_height(self) -> int:
        """Thumbnails are square and fill their column."""
        return self.room() // self.columns() + self._caption() + MARGIN

    def pixels(self) -> int:
        """The side to load a thumbnail at, in the screen's own pixels: enough for any width of a column."""
        return round(self.side * 1.4 * self.devicePixelRatioF())

    def _caption(self) -> int:
        return CAPTION + LINE * (self.lines - 1)

    def selected_rows(self) -> list[int]:
        """Selected rows in order."""
        return sorted(index.row() for index in self.selectedIndexes())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        opens = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in opens and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
