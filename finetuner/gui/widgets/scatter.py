"""Pictures as dots on a plane: hover to see one, click to open it, draw around a group to choose it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.image_loader import ImageLoader, Load
from finetuner.gui.widgets.scatter_painter import ScatterPainter
from finetuner.gui.widgets.scatter_view import Places, ScatterView, fractions

MARGIN, REACH, THUMBNAIL, MOST_KEPT = 22, 12.0, 132, 300
ZOOM_STEP = 1.25
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
OPENERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class Dot:
    """A picture: `key` loads it, `group` numbers its colour, `strong` ones are larger and drawn last; gone: crossed."""

    key: str
    caption: str
    group: int
    strong: bool = True
    gone: bool = False


class Scatter(QWidget):
    """`show_dots(dots, points)`. `opened(row)`: a click or Enter; `chosen(rows)`: a group was drawn around, or Space.

    Dragging draws around a group; with the right button it moves the plane, the wheel zooms. Arrows walk from dot to
    dot, Space chooses one, + and - zoom, Home shows all, Escape chooses none.
    """

    opened = Signal(int)
    chosen = Signal(list)

    def __init__(self, name: str, load: Load, waiting: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.waiting = waiting
        self.dots: tuple[Dot, ...] = ()
        self.groups: tuple[str, ...] = ()
        self.colours: tuple[str, ...] = ()
        self.selected: frozenset[int] = frozenset()
        self.current: int | None = None
        self._shares: Places = np.zeros((0, 2))
        self._view = ScatterView()
        self._layer: QPixmap | None = None
        self._lasso: list[QPointF] = []
        self._dragged: QPointF | None = None
        self._pictures: dict[str, QImage] = {}
        self._loader = ImageLoader(load, self)
        self._loader.loaded.connect(self._loaded)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_dots(
        self, dots: Sequence[Dot], points: Places, groups: Sequence[str], colours: Sequence[str] = ()
    ) -> None:
        """Show these at `points` n x 2. `groups` take `colours` of the theme; else its series and their names."""
        moved = len(dots) != len(self.dots) or not np.array_equal(fractions(points), self._shares)
        self.dots, self.groups, self.colours = tuple(dots), tuple(groups), tuple(colours)
        if moved:
            self._shares, self._view = fractions(points), ScatterView()
            self.selected, self.current = frozenset(), None
        self._repaint()
        self._tell()

    def places(self) -> Places:
        """The pixels of all dots, n x 2."""
        return self._view.places(self._shares, self._room())

    def nearest(self, at: QPointF) -> int | None:
        """The dot that is meant by a place."""
        if not self.dots:
            return None
        distances = np.hypot(*(self.places() - (at.x(), at.y())).T)
        found = int(distances.argmin())
        return found if distances[found] <= REACH else None

    def within(self, outline: Sequence[QPointF]) -> list[int]:
        """The dots inside a closed line."""
        polygon = QPolygonF(list(outline))
        bounds = polygon.boundingRect()
        return [
            row
            for row, (x, y) in enumerate(self.places().tolist())
            if bounds.contains(x, y) and polygon.containsPoint(QPointF(x, y), Qt.FillRule.OddEvenFill)
        ]

    def choose(self, rows: Sequence[int]) -> None:
        """Mark these."""
        self.selected = frozenset(rows)
        self._repaint()
        self.chosen.emit(sorted(self.selected))

    def close_loader(self) -> None:
        """Stop loading."""
        self._loader.close()

    # --- what Qt calls ----------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(480, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 220)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        work = ScatterPainter(painter, QRectF(self.rect()), self.groups, self.colours)
        if not self.dots:
            return work.waiting(self.waiting)
        if self._layer is None:
            self._layer = self._painted()
        painter.drawPixmap(0, 0, self._layer)
        work.lasso(self._lasso)
        if self.current is not None and self.current < len(self.dots):
            dot, (x, y) = self.dots[self.current], self.places()[self.current]
            work.current(QPointF(x, y))
            work.card(QPointF(x, y), dot.caption, self._pictures.get(dot.key), THUMBNAIL)
        if self.hasFocus():
            work.focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._repaint()

    def changeEvent(self, event: QEvent) -> None:
        self._repaint()
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._lasso = [event.position()]
        else:
            self._dragged = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._lasso:
            self._lasso.append(event.position())
            self.update()
        elif self._dragged is not None:
            self._look(self._view.moved(event.position() - self._dragged, self._room()))
            self._dragged = event.position()
        else:
            self._go(self.nearest(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        outline, self._lasso, self._dragged = self._lasso, [], None
        self.update()
        if not outline:
            return
        if QPolygonF(outline).boundingRect().size().toSize().expandedTo(QSize(6, 6)) != QSize(6, 6):
            self.choose(self.within(outline))
        elif (row := self.nearest(event.position())) is not None:
            self.opened.emit(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = ZOOM_STEP ** (event.angleDelta().y() / 120)
        self._look(self._view.zoomed(factor, event.position(), self._room()))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._go(None)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._go(self.nearest(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS and self.dots:
            self._step(*ARROWS[key])
        elif key in OPENERS and self.current is not None:
            self.opened.emit(self.current)
        elif key == Qt.Key.Key_Space and self.current is not None:
            self.choose(sorted(self.selected ^ {self.current}))
        elif key == Qt.Key.Key_Escape and self.selected:
            self.choose([])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            factor = ZOOM_STEP if key == Qt.Key.Key_Plus else 1 / ZOOM_STEP
            self._look(self._view.zoomed(factor, self._middle(), self._room()))
        elif key == Qt.Key.Key_Home:
            self._look(ScatterView())
        else:
            super().keyPressEvent(event)

    # --- how it is done ---------------------------------------------------------------------------------------

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def _middle(self) -> QPointF:
        if self.current is None:
            return self._room().center()
        return QPointF(*self.places()[self.current].tolist())

    def _step(self, across: int, down: int) -> None:
        """To the nearest dot that lies rather in this direction than aside."""
        places = self.places()
        if self.current is None:
            at = self._room().center()
            return self._go(int(np.hypot(*(places - (at.x(), at.y())).T).argmin()))
        off = places - places[self.current]
        ahead, aside = off @ (across, down), np.abs(off @ (down, across))
        cost = np.where((ahead > 0) & (aside <= ahead), ahead + 2 * aside, np.inf)
        if np.isfinite(cost).any():
            self._go(int(cost.argmin()))

    def _go(self, row: int | None) -> None:
        if row == self.current:
            return
        self.current = row
        if row is not None and self.dots[row].key not in self._pictures:
            self._loader.request(self.dots[row].key, round(THUMBNAIL * self.devicePixelRatioF()))
        self.setCursor(Qt.CursorShape.ArrowCursor if row is None else Qt.CursorShape.PointingHandCursor)
        self._tell()
        self.update()

    def _look(self, view: ScatterView) -> None:
        self._view = view
        self._repaint()

    def _repaint(self) -> None:
        self._layer = None
        self.update()

    def _painted(self) -> QPixmap:
        """All dots, kept until something about them changes: a hover paints one card over them."""
        ratio = self.devicePixelRatioF()
        layer = QPixmap(self.size() * ratio)
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.transparent)
        painter = QPainter(layer)
        work = ScatterPainter(painter, QRectF(self.rect()), self.groups, self.colours)
        work.dots(self.dots, self.places(), self.selected)
        painter.end()
        return layer

    def _tell(self) -> None:
        told = self.waiting if not self.dots else self.tr("{:,} images").format(len(self.dots))
        self.setAccessibleDescription(told if self.current is None else self.dots[self.current].caption)

    def _loaded(self, key: str, image: QImage) -> None:
        if len(self._pictures) >= MOST_KEPT:
            del self._pictures[next(iter(self._pictures))]
        self._pictures[key] = image
        self.update()
