"""The strokes of a confusion matrix. What is shown is `confusion.ConfusionMatrix`'s business."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from finetuner.gui.widgets.confusion_grid import CAPTION, ConfusionGrid
from finetuner.gui.widgets.confusion_table import Cell, ConfusionTable
from finetuner.gui.widgets.ink import font, ink, mix, readable_on
from finetuner.gui.widgets.strokes import LEFT_MIDDLE, RIGHT_MIDDLE, elided
from finetuner.gui.widgets.ticks import write_percent

ROOMY = 64
"""Pixels of a cell's side from which on its share stands below its count."""
_CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class ConfusionPainter:
    """Right answers in the accent, mistakes in red, as strong as their share of the row; `lit` is the cell meant."""

    painter: QPainter
    grid: ConfusionGrid
    table: ConfusionTable
    lit: Cell | None

    def cells(self) -> None:
        """All that are in sight."""
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setClipRect(self.grid.room)
        self.painter.setFont(font())
        for cell in self.grid.visible():
            self._cell(cell)
        self.painter.setClipping(False)

    def labels(self) -> None:
        """The names of the classes, those of the lit cell in bold."""
        truth, predicted = self.lit or (-1, -1)
        seen, corner, view = self.grid.visible(), self.grid.corner, self.grid.view
        self.painter.setClipRect(QRectF(0, corner.y(), corner.x(), self.grid.room.height()))
        for row in {row for row, _ in seen}:
            self._row_label(row, row == truth)
        self.painter.setClipRect(QRectF(corner.x() - 8, 0, view.width() - corner.x() + 8, corner.y()))
        for column in {column for _, column in seen}:
            self._column_label(column, column == predicted)
        self.painter.setClipping(False)

    def captions(self) -> None:
        """What rows and columns are, and the lit cell in words."""
        corner, view = self.grid.corner, self.grid.view
        self.painter.setPen(ink().faint)
        self.painter.setFont(font())
        self.painter.drawText(QRectF(corner.x(), 0, view.width() - corner.x(), 18), LEFT_MIDDLE, "Predicted class →")
        self.painter.save()
        self.painter.translate(0, corner.y())
        self.painter.rotate(-90)
        self.painter.drawText(QRectF(-200, 0, 200, 16), RIGHT_MIDDLE, "← True class")
        self.painter.restore()
        words = self.table.in_words(self.lit) if self.lit else "Point at a cell to read it; click to see its images."
        self.painter.setPen(ink().text if self.lit else ink().faint)
        below = min(corner.y() + self.grid.side * len(self.table) + 8, self.grid.bottom + 4)
        self.painter.drawText(QRectF(0, below, view.width(), CAPTION - 6), LEFT_MIDDLE, words)

    def _cell(self, cell: Cell) -> None:
        place, fill = self.grid.rect(cell).adjusted(1, 1, -1, -1), self._fill(cell)
        self.painter.setPen(QPen(ink().text, 2) if cell == self.lit else Qt.PenStyle.NoPen)
        self.painter.setBrush(fill)
        self.painter.drawRoundedRect(place, 3, 3)
        count = f"{self.table.count(cell)}"
        if self.table.count(cell) and self._width(count) < place.width() - 2:
            self.painter.setPen(readable_on(fill))
            self._figures(place, count, write_percent(self.table.share(cell)))

    def _fill(self, cell: Cell) -> QColor:
        inks, (truth, predicted) = ink(), cell
        if not self.table.count(cell):
            return inks.sunken
        hue, least = (inks.accent, 0.10) if truth == predicted else (inks.bad, 0.16)
        return mix(inks.surface, hue, least + (0.92 - least) * self.table.share(cell))

    def _figures(self, place: QRectF, count: str, share: str) -> None:
        if place.width() < ROOMY:
            self.painter.drawText(place, _CENTRE, count)
            return
        self.painter.setFont(font("heading"))
        self.painter.drawText(place.adjusted(0, 0, 0, -18), _CENTRE, count)
        self.painter.setFont(font("small"))
        self.painter.drawText(place.adjusted(0, 22, 0, 0), _CENTRE, share)
        self.painter.setFont(font())

    def _row_label(self, row: int, lit: bool) -> None:
        place = self.grid.rect((row, 0))
        self._label(QRectF(20, place.top(), self.grid.corner.x() - 28, place.height()), row, lit, RIGHT_MIDDLE)

    def _column_label(self, column: int, lit: bool) -> None:
        place, top = self.grid.rect((0, column)), self.grid.corner.y()
        if not self.grid.tilted:
            return self._label(QRectF(place.left(), 22, place.width(), 20), column, lit, _CENTRE)
        self.painter.save()
        self.painter.translate(place.center().x(), top - 6)
        self.painter.rotate(-90)
        self._label(QRectF(0, -10, top - 26, 20), column, lit, LEFT_MIDDLE)
        self.painter.restore()

    def _label(self, place: QRectF, number: int, lit: bool, flags: Qt.AlignmentFlag) -> None:
        self.painter.setFont(font(bold=lit))
        self.painter.setPen(ink().text if lit else ink().muted)
        elided(self.painter, place, self.table.classes[number], flags)

    def _width(self, words: str) -> float:
        return QFontMetricsF(self.painter.font()).horizontalAdvance(words)
