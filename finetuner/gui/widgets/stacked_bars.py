"""Horizontal bars in parts: the images of each class, stacked by split."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import font, ink, mix
from finetuner.gui.widgets.strokes import LEFT_MIDDLE, elided, rounded

ROW, BAR, GAP = 28, 14, 12


class StackedBars(QWidget):
    """One bar per row, in parts: `show_counts({"cat": (80, 20, 0)}, ("train", "val", "test"))`.

    As tall as its rows: put it into a scroll area. `chosen(name)` on a click or Enter.
    """

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: tuple[str, ...] = ()
        self.counts: dict[str, tuple[int, ...]] = {}
        self._current: int | None = None
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: dict[str, tuple[int, ...]], parts: Sequence[str]) -> None:
        """Draw these rows; each has one number per part."""
        self.counts, self.parts = dict(counts), tuple(parts)
        self.setAccessibleDescription("; ".join(self.in_words(name) for name in self.counts))
        self.updateGeometry()
        self.update()

    def in_words(self, name: str) -> str:
        """`cat: 80 train, 20 val`."""
        parts = zip(self.counts[name], self.parts, strict=True)
        return f"{name}: " + ", ".join(f"{count:,} {part}" for count, part in parts if count)

    def sizeHint(self) -> QSize:
        return QSize(360, ROW * (len(self.counts) + (1 if len(self.parts) > 1 else 0)))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font())
        names = min(self._widest(self.counts) + GAP, self.width() * 0.4)
        numbers = self._widest(f"{sum(parts):,}" for parts in self.counts.values()) + GAP
        room = QRectF(names, 0, max(self.width() - names - numbers, 10), ROW)
        most = max((sum(parts) for parts in self.counts.values()), default=1) or 1
        for row, (name, parts) in enumerate(self.counts.items()):
            if event.rect().intersects(self._row_rect(row).toRect()):
                self._paint_row(painter, row, name, parts, room.translated(0, row * ROW), most)
        if len(self.parts) > 1:
            self._paint_key(painter, room.translated(0, len(self.counts) * ROW))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = int(event.position().y() // ROW)
        self.setToolTip(self.in_words(list(self.counts)[row]) if row < len(self.counts) else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = int(event.position().y() // ROW)
        if row < len(self.counts):
            self._go(row)
            self.chosen.emit(list(self.counts)[row])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self.counts:
            self._go(0 if self._current is None else max(0, min(self._current + step, len(self.counts) - 1)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current is not None:
            self.chosen.emit(list(self.counts)[self._current])
        else:
            super().keyPressEvent(event)

    def _go(self, row: int) -> None:
        self._current = row
        self.setAccessibleDescription(self.in_words(list(self.counts)[row]))
        self.update()

    def _row_rect(self, row: int) -> QRectF:
        return QRectF(0, row * ROW, self.width(), ROW)

    def _widest(self, texts: Iterable[str]) -> float:
        metrics = QFontMetricsF(font())
        return max((metrics.horizontalAdvance(text) for text in texts), default=0.0)

    def _part_colour(self, part: int) -> QColor:
        return mix(ink().surface, ink().accent, (1.0, 0.55, 0.28)[part % 3])

    def _paint_row(
        self, painter: QPainter, row: int, name: str, parts: tuple[int, ...], room: QRectF, most: int
    ) -> None:
        inks = ink()
        if self.hasFocus() and row == self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(inks.surface, inks.accent, 0.12))
            painter.drawRoundedRect(self._row_rect(row), 5, 5)
        painter.setPen(inks.text)
        elided(painter, QRectF(4, room.top(), room.left() - GAP, ROW), name, LEFT_MIDDLE)
        bar = QRectF(room.left(), room.center().y() - BAR / 2, room.width() * sum(parts) / most, BAR)
        painter.save()
        painter.setClipPath(rounded(bar))
        for part, piece in enumerate(_pieces(bar, parts)):
            painter.fillRect(piece, self._part_colour(part))
        painter.restore()
        painter.setPen(inks.muted)
        painter.drawText(QRectF(bar.right() + 8, room.top(), 120, ROW), LEFT_MIDDLE, f"{sum(parts):,}")

    def _paint_key(self, painter: QPainter, room: QRectF) -> None:
        x = room.left()
        for part, name in enumerate(self.parts):
            if not any(counts[part] for counts in self.counts.values()):
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._part_colour(part))
            painter.drawRoundedRect(QRectF(x, room.center().y() - 4, 8, 8), 2, 2)
            painter.setPen(ink().muted)
            painter.drawText(QRectF(x + 14, room.top(), 120, ROW), LEFT_MIDDLE, name)
            x += 14 + QFontMetricsF(painter.font()).horizontalAdvance(name) + 20


def _pieces(bar: QRectF, parts: tuple[int, ...]) -> list[QRectF]:
    pieces, x = [], bar.left()
    for count in parts:
        width = bar.width() * count / (sum(parts) or 1)
        pieces.append(QRectF(x, bar.top(), width, bar.height()))
        x += width
    return pieces
