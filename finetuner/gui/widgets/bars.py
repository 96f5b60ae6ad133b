"""Horizontal bars: images per class stacked by split, and the likeliest classes of a prediction."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import font, ink, mix
from finetuner.gui.widgets.ticks import write_percent

ROW, BAR, GAP = 28, 14, 12
LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT_MIDDLE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
EASE_MS = 160


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

    def _widest(self, texts: object) -> float:
        metrics = QFontMetricsF(font())
        return max((metrics.horizontalAdvance(text) for text in texts), default=0.0)  # type: ignore[attr-defined]

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
        _elided(painter, QRectF(4, room.top(), room.left() - GAP, ROW), name, LEFT_MIDDLE)
        bar = QRectF(room.left(), room.center().y() - BAR / 2, room.width() * sum(parts) / most, BAR)
        painter.save()
        painter.setClipPath(_rounded(bar))
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


class ProbabilityBars(QWidget):
    """The likeliest classes, best first, sliding to new values: `show_top([("bee", 0.97), ("ant", 0.03)])`.

    While it is `unsure` none of them is the answer, and the best looks like the others.
    """

    def __init__(self, rows: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = rows
        self.top: list[tuple[str, float]] = []
        self.unsure = False
        self._shown: dict[str, float] = {}
        self._from: dict[str, float] = {}
        self._ready: QPixmap | None = None
        self._slide = QVariantAnimation(self, duration=EASE_MS, startValue=0.0, endValue=1.0)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._slid)
        self.setAccessibleName("Likeliest classes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_top(
        self, top: Sequence[tuple[str, float]], unsure: bool = False, wanted: Callable[[], bool] | None = None
    ) -> bool:
        """Slide to these classes and probabilities, best first.

        With `wanted` they are on the screen when this returns. It is asked when nothing but that is left to do, and
        once more after it; if they are not wanted any more, what was there stands. Returns whether they are shown.
        """
        top = list(top[: self.rows])
        starts = {name: self._shown.get(name, 0.0) for name, _ in top}
        if wanted is not None and not self._put(self._drawn(top, starts, unsure), wanted):
            return False
        self.top, self.unsure, self._from = top, unsure, starts
        self._slide_on()
        return True

    def _put(self, ready: QPixmap, wanted: Callable[[], bool]) -> bool:
        if not wanted():
            return False
        self._ready = ready
        self.repaint()
        self._ready = None
        if wanted():
            return True
        self.repaint()  # the system gave the processor to others meanwhile
        return False

    def _slide_on(self) -> None:
        told = ", ".join(f"{name} {write_percent(value)}" for name, value in self.top)
        self.setAccessibleDescription(self.tr("Unsure: {}").format(told) if self.unsure else told)
        self._slide.stop()
        self._slide.start()

    def sizeHint(self) -> QSize:
        return QSize(320, self.rows * 46)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self.rows * 46)

    def paintEvent(self, event: QPaintEvent) -> None:
        drawn = self._drawn(self.top, self._shown, self.unsure) if self._ready is None else self._ready
        QPainter(self).drawPixmap(0, 0, drawn)

    def _drawn(self, top: Sequence[tuple[str, float]], shown: Mapping[str, float], unsure: bool) -> QPixmap:
        """As it will look, drawn aside."""
        made = QPixmap(self.size() * self.devicePixelRatio())
        made.setDevicePixelRatio(self.devicePixelRatio())
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, (name, value) in enumerate(top):
            place, best = QRectF(0, row * 46, self.width(), 46), row == 0 and not unsure
            self._paint_row(painter, place, name, value, shown.get(name, 0.0), best)
        painter.end()
        return made

    def _paint_row(self, painter: QPainter, place: QRectF, name: str, value: float, share: float, first: bool) -> None:
        inks = ink()
        painter.setFont(font("heading" if first else "body"))
        painter.setPen(inks.text if first else inks.muted)
        text = place.adjusted(0, 4, 0, -18)
        painter.drawText(text, RIGHT_MIDDLE, write_percent(value))
        _elided(painter, text.adjusted(0, 0, -72, 0), name, LEFT_MIDDLE)
        track = QRectF(place.left(), place.bottom() - 16, place.width(), 8)
        painter.fillPath(_rounded(track), inks.line)
        if share * track.width() >= 1:
            filled = QRectF(track.topLeft(), QPointF(track.left() + track.width() * share, track.bottom()))
            painter.fillPath(_rounded(filled), inks.accent if first else mix(inks.surface, inks.accent, 0.55))

    def _slid(self, progress: float) -> None:
        starts = self._from
        self._shown = {name: starts[name] + (value - starts[name]) * progress for name, value in self.top}
        self.update()


def _rounded(bar: QRectF) -> QPainterPath:
    path, radius = QPainterPath(), min(bar.height() / 2, 4.0, bar.width() / 2)
    path.addRoundedRect(bar, radius, radius)
    return path


def _pieces(bar: QRectF, parts: tuple[int, ...]) -> list[QRectF]:
    pieces, x = [], bar.left()
    for count in parts:
        width = bar.width() * count / (sum(parts) or 1)
        pieces.append(QRectF(x, bar.top(), width, bar.height()))
        x += width
    return pieces


def _elided(painter: QPainter, place: QRectF, text: str, flags: int) -> None:
    fitting = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, flags, fitting)
