"""Work in progress on one line: what, how much, how fast, how long still. While it works, something moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHideEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from finetuner.gui.widgets.ink import font, ink, mix

if TYPE_CHECKING:
    from PySide6.QtGui import QLinearGradient

FRAME_MS, SWEEP_SECONDS, BAR = 33, 1.6, 6


class ProgressLine(QWidget):
    """`show_progress(...)` while work runs, `finish()` when it is over; invisible in between."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.activity, self.figures_text = "", ""
        self._share: float | None = None
        self._sweep = 0.0
        self._still = False
        self._clock = QTimer(self, interval=FRAME_MS)
        self._clock.timeout.connect(self._tick)
        self.setAccessibleName("Progress")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_progress(
        self,
        activity: str,
        done: int = 0,
        total: int | None = None,
        rate: float | None = None,
        seconds_left: float | None = None,
        unit: str = "",
        counted: str = "",
    ) -> None:
        """`rate` is in `unit`s per second; `counted` names what `done` counts. What is None is not shown.

        Where `unit` is "bytes", megabytes are shown.
        """
        self.activity = activity
        self._share = min(done / total, 1.0) if total else None
        self._still = False
        self.figures_text = f"{counted} {_figures(done, total, rate, seconds_left, unit)}".strip()
        self.setAccessibleDescription(f"{activity} {self.figures_text}".strip())
        self.show()
        self.update()

    def pause(self, activity: str) -> None:
        """Work waits: nothing moves."""
        self.activity, self._still = activity, True
        self.setAccessibleDescription(activity)
        self.update()

    def finish(self) -> None:
        """The work is over."""
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(320, round(QFontMetricsF(font()).height()) + BAR + 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, inks = QPainter(self), ink()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font())
        words = QRectF(0, 0, self.width(), self.height() - BAR - 6)
        painter.setPen(inks.text)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.activity)
        painter.setPen(inks.muted)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.figures_text)
        self._paint_bar(painter, QRectF(0, self.height() - BAR - 1, self.width(), BAR))

    def _paint_bar(self, painter: QPainter, track: QRectF) -> None:
        inks = ink()
        painter.fillPath(_pill(track), inks.line)
        filled = QRectF(track)
        if self._share is not None:
            filled.setWidth(max(track.width() * self._share, BAR))
        base = mix(inks.surface, inks.accent, 0.35 if self._share is None else 1.0)
        painter.fillPath(_pill(filled), mix(inks.surface, inks.accent, 0.5) if self._still else base)
        if not self._still:
            light = mix(base, inks.surface, 0.35) if self._share is not None else inks.accent
            painter.fillPath(_pill(filled), self._gleam(filled, light))

    def _gleam(self, filled: QRectF, light: QColor) -> QLinearGradient:
        from PySide6.QtGui import QLinearGradient  # with 180 presets: not before the first paint

        width = max(filled.width() * 0.3, 60.0)
        middle = filled.left() - width + (filled.width() + 2 * width) * self._sweep
        gleam = QLinearGradient(middle - width / 2, 0, middle + width / 2, 0)
        clear = QColor(light)
        clear.setAlpha(0)
        for stop, colour in ((0.0, clear), (0.5, light), (1.0, clear)):
            gleam.setColorAt(stop, colour)
        return gleam

    def showEvent(self, event: QShowEvent) -> None:
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._clock.stop()

    def _tick(self) -> None:
        self._sweep = (self._sweep + FRAME_MS / 1000 / SWEEP_SECONDS) % 1.0
        self.update(0, self.height() - BAR - 2, self.width(), BAR + 2)


def write_duration(seconds: float) -> str:
    """A time to read at a glance: 8 s, 2 min 05 s, 3 h 20 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _figures(done: int, total: int | None, rate: float | None, seconds_left: float | None, unit: str) -> str:
    if unit == "bytes":
        return _megabytes(done, total, rate, seconds_left)
    count = f"{done:,} of {total:,}" if total else (f"{done:,}" if done else "")
    pace = f"{rate:,.0f} {unit}/s".replace(" /s", " / s") if rate else ""
    return "  ·  ".join(part for part in (count, pace, _left(seconds_left)) if part)


def _megabytes(done: int, total: int | None, rate: float | None, seconds_left: float | None) -> str:
    count = f"{done / 1e6:,.1f} of {total / 1e6:,.1f} MB" if total else f"{done / 1e6:,.1f} MB"
    pace = f"{rate / 1e6:,.1f} MB/s" if rate is not None else ""
    return "  ·  ".join(part for part in (count, pace, _left(seconds_left)) if part)


def _left(seconds: float | None) -> str:
    return f"{write_duration(seconds)} left" if seconds is not None else ""


def _pill(bar: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(bar, bar.height() / 2, bar.height() / 2)
    return path
