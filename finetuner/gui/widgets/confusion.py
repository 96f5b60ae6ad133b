"""A confusion matrix to look into: right answers in the accent, mistakes in red, every cell opens its images."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QWidget

from finetuner.gui.widgets.ink import Ink, font, ink, mix, readable_on
from finetuner.gui.widgets.ticks import write_percent

SMALLEST, LARGEST, ROOMY = 22, 132, 64
MOVES = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
RIGHT_MIDDLE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ConfusionMatrix(QAbstractScrollArea):
    """Rows are true classes, columns predicted ones; a cell's colour is its share of the row.

    `opened(truth, predicted)` (indices) on a click, Enter or Space; arrows move; labels stay while cells scroll.
    """

    opened = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = ()
        self.counts: tuple[tuple[int, ...], ...] = ()
        self.current = (0, 0)
        self._hovered: tuple[int, int] | None = None
        self.setAccessibleName("Confusion matrix")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setCornerWidget(QWidget())
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_counts(self, classes: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Draw a square table of counts, rows and columns in the order of `classes`."""
        self.classes, self.counts = tuple(classes), tuple(tuple(row) for row in counts)
        self.current, self._hovered = (0, 0), None
        self._measure()
        self._moved()

    def row_share(self, truth: int, predicted: int) -> float:
        """The share of a class's images that got this answer; 0 for a class without images."""
        total = sum(self.counts[truth])
        return self.counts[truth][predicted] / total if total else 0.0

    def in_words(self, cell: tuple[int, int]) -> str:
        """`12 of 40 ants (30 %) were taken for bees`."""
        truth, predicted = cell
        count, total = self.counts[truth][predicted], sum(self.counts[truth])
        verb = "recognised" if truth == predicted else f"taken for {self.classes[predicted]}"
        share = write_percent(self.row_share(truth, predicted))
        return f"{self.classes[truth]}: {count:,} of {total:,} ({share}) {verb}"

    def sizeHint(self) -> QSize:
        side = 46 * min(len(self.classes), 9)
        return QSize(self._label_width() + side + 40, self._label_height() + side + 60)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 220)

    # --- geometry ---------------------------------------------------------------------------------------------

    def cell_side(self) -> float:
        """The side of a cell: as large as fits, within limits; below the lower one the matrix scrolls."""
        count = max(len(self.classes), 1)
        across = (self.viewport().width() - self._label_width() - 2) / count
        down = (self.viewport().height() - self._label_height() - 26) / count
        return max(SMALLEST, min(across, down, LARGEST))

    def cell_rect(self, truth: int, predicted: int) -> QRectF:
        """Where a cell lies in the viewport."""
        side, corner = self.cell_side(), self._corner()
        x = corner.x() + predicted * side - self.horizontalScrollBar().value()
        y = corner.y() + truth * side - self.verticalScrollBar().value()
        return QRectF(x, y, side, side)

    def cell_at(self, point: QPoint | QPointF) -> tuple[int, int] | None:
        """The cell under a point of the viewport."""
        corner, side = self._corner(), self.cell_side()
        if point.x() < corner.x() or point.y() < corner.y():
            return None
        predicted = int((point.x() - corner.x() + self.horizontalScrollBar().value()) // side)
        truth = int((point.y() - corner.y() + self.verticalScrollBar().value()) // side)
        count = len(self.classes)
        return (truth, predicted) if truth < count and predicted < count else None

    def _corner(self) -> QPointF:
        return QPointF(self._label_width(), self._label_height())

    def _longest_label(self) -> float:
        metrics = QFontMetricsF(font())
        return max((metrics.horizontalAdvance(name) for name in self.classes), default=0.0)

    def _label_width(self) -> int:
        return int(min(self._longest_label() * 1.15, 140)) + 36

    def _tilted(self) -> bool:
        across = (self.viewport().width() - self._label_width() - 2) / max(len(self.classes), 1)
        return self._longest_label() + 8 > min(across, LARGEST)

    def _label_height(self) -> int:
        return (int(min(self._longest_label() * 1.15, 120)) + 38) if self._tilted() else 46

    def _measure(self) -> None:
        side, count = self.cell_side(), len(self.classes)
        spare_width = self.viewport().width() - self._label_width()
        spare_height = self.viewport().height() - self._label_height() - 26
        self.horizontalScrollBar().setRange(0, _overflow(side * count - spare_width))
        self.verticalScrollBar().setRange(0, _overflow(side * count - spare_height))
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setSingleStep(int(side))
            bar.setPageStep(int(side * 8))

    # --- painting ---------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font())
        if not self.classes:
            return
        inks, corner = ink(), self._corner()
        painter.setClipRect(QRectF(corner, QPointF(self.viewport().width(), self.viewport().height() - 26)))
        for truth, predicted in self._visible():
            self._paint_cell(painter, inks, truth, predicted)
        self._paint_labels(painter, inks)
        self._paint_captions(painter, inks)

    def _visible(self) -> list[tuple[int, int]]:
        side, count, corner = self.cell_side(), len(self.classes), self._corner()
        left, top = int(self.horizontalScrollBar().value() // side), int(self.verticalScrollBar().value() // side)
        columns = range(left, min(count, left + int((self.viewport().width() - corner.x()) // side) + 2))
        rows = range(top, min(count, top + int((self.viewport().height() - corner.y()) // side) + 2))
        return [(truth, predicted) for truth in rows for predicted in columns]

    def _paint_cell(self, painter: QPainter, inks: Ink, truth: int, predicted: int) -> None:
        place = self.cell_rect(truth, predicted).adjusted(1, 1, -1, -1)
        fill = self._fill(inks, truth, predicted)
        marked = (truth, predicted) == (self._hovered or (self.current if self.hasFocus() else None))
        painter.setPen(QPen(inks.text, 2) if marked else Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(place, 3, 3)
        text = f"{self.counts[truth][predicted]}"
        if self.counts[truth][predicted] and QFontMetricsF(painter.font()).horizontalAdvance(text) < place.width() - 2:
            painter.setPen(readable_on(fill))
            self._paint_figures(painter, place, text, write_percent(self.row_share(truth, predicted)))

    def _paint_figures(self, painter: QPainter, place: QRectF, count: str, share: str) -> None:
        if place.width() < ROOMY:
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, count)
            return
        upper, lower = place.adjusted(0, 0, 0, -18), place.adjusted(0, 22, 0, 0)
        painter.setFont(font("heading"))
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, count)
        painter.setFont(font("small"))
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, share)
        painter.setFont(font())

    def _fill(self, inks: Ink, truth: int, predicted: int) -> QColor:
        share = self.row_share(truth, predicted)
        if not self.counts[truth][predicted]:
            return inks.sunken
        hue, least = (inks.accent, 0.10) if truth == predicted else (inks.bad, 0.16)
        return mix(inks.surface, hue, least + (0.92 - least) * share)

    def _paint_labels(self, painter: QPainter, inks: Ink) -> None:
        corner, view = self._corner(), self.viewport()
        truth, predicted = self._hovered or (self.current if self.hasFocus() else (-1, -1))
        painter.setClipRect(QRectF(0, corner.y(), corner.x(), view.height() - corner.y() - 26))
        for row in {row for row, _ in self._visible()}:
            place = self.cell_rect(row, 0)
            self._label(painter, QRectF(20, place.top(), corner.x() - 28, place.height()), row, inks, row == truth)
        painter.setClipRect(QRectF(corner.x() - 8, 0, view.width() - corner.x() + 8, corner.y()))
        for column in {column for _, column in self._visible()}:
            self._column_label(painter, inks, column, column == predicted)
        painter.setClipping(False)

    def _column_label(self, painter: QPainter, inks: Ink, column: int, lit: bool) -> None:
        place = self.cell_rect(0, column)
        if not self._tilted():
            box = QRectF(place.left(), 22, place.width(), 20)
            return self._label(painter, box, column, inks, lit, Qt.AlignmentFlag.AlignCenter)
        painter.save()
        painter.translate(place.center().x(), self._corner().y() - 6)
        painter.rotate(-90)
        self._label(painter, QRectF(0, -10, self._corner().y() - 26, 20), column, inks, lit, LEFT_MIDDLE)
        painter.restore()

    def _label(
        self, painter: QPainter, place: QRectF, index: int, inks: Ink, lit: bool, flags: int = RIGHT_MIDDLE
    ) -> None:
        painter.setFont(font(bold=lit))
        painter.setPen(inks.text if lit else inks.muted)
        text = QFontMetricsF(painter.font()).elidedText(
            self.classes[index], Qt.TextElideMode.ElideMiddle, place.width()
        )
        painter.drawText(place, flags, text)

    def _paint_captions(self, painter: QPainter, inks: Ink) -> None:
        view, corner = self.viewport(), self._corner()
        painter.setPen(inks.faint)
        painter.setFont(font())
        painter.drawText(QRectF(corner.x(), 0, view.width() - corner.x(), 18), LEFT_MIDDLE, "Predicted class →")
        painter.save()
        painter.translate(0, corner.y())
        painter.rotate(-90)
        painter.drawText(QRectF(-200, 0, 200, 16), RIGHT_MIDDLE, "← True class")
        painter.restore()
        cell = self._hovered or (self.current if self.hasFocus() else None)
        words = self.in_words(cell) if cell else "Point at a cell to read it; click to see its images."
        painter.setPen(inks.text if cell else inks.faint)
        below = min(corner.y() + self.cell_side() * len(self.classes) + 8, view.height() - 22)
        painter.drawText(QRectF(0, below, view.width(), 20), LEFT_MIDDLE, words)

    # --- mouse and keys ---------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self.cell_at(event.position())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if self._hovered else Qt.CursorShape.ArrowCursor)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell and event.button() == Qt.MouseButton.LeftButton:
            self.current = cell
            self._moved()
            self.opened.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = Qt.Key(event.key()), len(self.classes) - 1
        if key in MOVES and self.classes:
            truth, predicted = (part + step for part, step in zip(self.current, MOVES[key], strict=True))
            self.current = (max(0, min(truth, last)), max(0, min(predicted, last)))
            self._hovered = None
            self._moved()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.classes:
            self.opened.emit(*self.current)
        else:
            super().keyPressEvent(event)

    def _moved(self) -> None:
        if self.classes:
            self.setAccessibleDescription(self.in_words(self.current))
            self._scroll_to(self.cell_rect(*self.current))
        self.viewport().update()

    def _scroll_to(self, place: QRectF) -> None:
        corner, view = self._corner(), self.viewport()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + int(min(place.left() - corner.x(), 0) + max(place.right() - view.width(), 0)))
        bottom = view.height() - 26
        down.setValue(down.value() + int(min(place.top() - corner.y(), 0) + max(place.bottom() - bottom, 0)))


def _overflow(pixels: float) -> int:
    return int(pixels) + 2 if pixels >= 1 else 0
