"""A confusion matrix to look into: right answers in the accent, mistakes in red, every cell opens its images."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QSizePolicy, QWidget

from finetuner.gui.widgets.confusion_grid import ConfusionGrid
from finetuner.gui.widgets.confusion_painter import ConfusionPainter
from finetuner.gui.widgets.confusion_table import Cell, ConfusionTable
from finetuner.gui.widgets.ink import font

MOVES = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
OPENERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_HINTED_SIDE, _MOST_HINTED = 46, 9


class ConfusionMatrix(QAbstractScrollArea):
    """Rows are true classes, columns predicted ones; a cell's colour is its share of the row.

    `opened(truth, predicted)` (indices) on a click, Enter or Space; arrows move; labels stay while cells scroll.
    """

    opened = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = ConfusionTable()
        self.current: Cell = (0, 0)
        self._hovered: Cell | None = None
        self.setAccessibleName("Confusion matrix")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setCornerWidget(QWidget())
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_counts(self, classes: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Draw a square table of counts, rows and columns in the order of `classes`."""
        self.table = ConfusionTable(tuple(classes), tuple(tuple(row) for row in counts))
        self.current, self._hovered = (0, 0), None
        self._measure()
        self._moved()

    def in_words(self, cell: Cell) -> str:
        """What a cell says, as a sentence."""
        return self.table.in_words(cell)

    @property
    def grid(self) -> ConfusionGrid:
        """Where everything lies at the moment."""
        metrics = QFontMetricsF(font())
        widest = max((metrics.horizontalAdvance(name) for name in self.table.classes), default=0.0)
        scrolled = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        return ConfusionGrid(len(self.table), self.viewport().size(), widest, scrolled)

    # --- what Qt calls ----------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        side = _HINTED_SIDE * min(len(self.table), _MOST_HINTED)
        corner = self.grid.corner
        return QSize(int(corner.x()) + side + 40, int(corner.y()) + side + 60)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 220)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self.table):
            return
        painter = QPainter(self.viewport())
        work = ConfusionPainter(painter, self.grid, self.table, self._lit())
        work.cells()
        work.labels()
        work.captions()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self.grid.cell_at(event.position())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if self._hovered else Qt.CursorShape.ArrowCursor)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.grid.cell_at(event.position())
        if cell and event.button() == Qt.MouseButton.LeftButton:
            self.current = cell
            self._moved()
            self.opened.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in MOVES and len(self.table):
            truth, predicted = (part + step for part, step in zip(self.current, MOVES[key], strict=True))
            self.current, self._hovered = self.table.clamped((truth, predicted)), None
            self._moved()
        elif key in OPENERS and len(self.table):
            self.opened.emit(*self.current)
        else:
            super().keyPressEvent(event)

    # --- how it is done ---------------------------------------------------------------------------------------

    def _lit(self) -> Cell | None:
        """The cell that is meant: under the pointer, else where the keyboard is."""
        return self._hovered or (self.current if self.hasFocus() else None)

    def _moved(self) -> None:
        if len(self.table):
            self.setAccessibleDescription(self.in_words(self.current))
            by = self.grid.to_sight(self.current)
            for bar, pixels in zip(self._bars(), by.toTuple(), strict=True):
                bar.setValue(bar.value() + pixels)
        self.viewport().update()

    def _measure(self) -> None:
        grid = self.grid
        for bar, pixels in zip(self._bars(), grid.overflow(), strict=True):
            bar.setRange(0, pixels)
            bar.setSingleStep(int(grid.side))
            bar.setPageStep(int(grid.side * 8))

    def _bars(self) -> tuple[QScrollBar, QScrollBar]:
        return self.horizontalScrollBar(), self.verticalScrollBar()
