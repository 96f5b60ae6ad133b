"""Pictures in the order of time: as many as fit, evenly from all; one is in sight, another is a click away."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import font, ink

SIDE, GAP, WORDS = 72, 8, 20
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class FilmStrip(QWidget):
    """`add(image, words)`, `show_current(number)`; `chosen(number)` on a click, a drag, or the arrow keys."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames: list[tuple[QImage, str]] = []
        self.current = -1
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def clear(self) -> None:
        """No picture yet."""
        self.frames, self.current = [], -1
        self.update()

    def add(self, image: QImage, words: str) -> None:
        """One more, kept small."""
        fitting = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        self.frames.append((image.scaled(2 * SIDE, 2 * SIDE, *fitting) if not image.isNull() else image, words))
        self.update()

    def show_current(self, number: int) -> None:
        """Ring this one."""
        self.current = number
        self.setAccessibleDescription(self.frames[number][1] if 0 <= number < len(self.frames) else "")
        self.update()

    def shown(self) -> list[int]:
        """The numbers that have a place, in order; the last one always has."""
        places = max((self.width() + GAP) // (SIDE + GAP), 1)
        last = len(self.frames) - 1
        if last < places:
            return list(range(last + 1))
        return [last] if places == 1 else [round(place * last / (places - 1)) for place in range(places)]

    def sizeHint(self) -> QSize:
        return QSize(6 * (SIDE + GAP), SIDE + WORDS + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE, SIDE + WORDS + 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif 0 <= self.current + step < len(self.frames):
            self.chosen.emit(self.current + step)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(font("small"))
        shown = self.shown()
        ringed = min(shown, key=lambda number: abs(number - self.current), default=-1)
        for place, number in enumerate(shown):
            self._paint(painter, QRectF(place * (SIDE + GAP) + 2, 2, SIDE - 4, SIDE - 4), number, number == ringed)

    def _paint(self, painter: QPainter, place: QRectF, number: int, ringed: bool) -> None:
        image, words = self.frames[number]
        path = QPainterPath()
        path.addRoundedRect(place, 6, 6)
        painter.fillPath(path, ink().sunken)
        painter.setClipPath(path)
        painter.drawImage(place, image)
        painter.setClipping(False)
        if ringed:
            painter.setPen(QPen(ink().accent, 2))
            painter.drawPath(path)
        painter.setPen(ink().text if ringed else ink().muted)
        painter.drawText(QRectF(place.left(), place.bottom() + 2, SIDE, WORDS), Qt.AlignmentFlag.AlignLeft, words)

    def _choose_at(self, x: float) -> None:
        shown = self.shown()
        if shown:
            self.chosen.emit(shown[min(max(int(x // (SIDE + GAP)), 0), len(shown) - 1)])
