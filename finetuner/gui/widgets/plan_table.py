"""A strategy as a picture: phases by blocks, a learning rate in each cell, frozen blocks greyed under a snowflake."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.ink import Ink, font, ink, mix, readable_on
from finetuner.gui.widgets.plan_model import Index, PlanModel, PlanRow
from finetuner.gui.widgets.strokes import elided

ROW, COLUMN, NARROW = 40, 44, 60
HEADER, TITLES = 40, 150
__all__ = ["PlanRow", "PlanTable"]


class PlanCell(QStyledItemDelegate):
    """Paints a learning rate as colour and text, or a snowflake."""

    def __init__(self, table: "PlanTable") -> None:
        super().__init__(table)
        self.table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(COLUMN, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, inks = self.table.plan, ink()
        place = QRectF(option.rect).adjusted(2, 2, -2, -2)
        rate = model.rate(index)
        fill = inks.sunken if rate is None else _warmth(inks, model.share(rate))
        if model.current not in (None, index.row()):
            fill = mix(inks.surface, fill, 0.4)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._tile(painter, place, fill, inks, index)
        self._content(painter, place, "" if rate is None else model.words(index), readable_on(fill))
        painter.restore()

    def _tile(self, painter: QPainter, place: QRectF, fill: QColor, inks: Ink, index: Index) -> None:
        chosen = self.table.hasFocus() and self.table.currentIndex() == index
        painter.setPen(QPen(inks.text, 2) if chosen else Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(place, 5, 5)

    def _content(self, painter: QPainter, place: QRectF, words: str, colour: QColor) -> None:
        if not words:
            flake = QRectF(0, 0, 16, 16)
            flake.moveCenter(place.center())
            return theme.paint(painter, "snow", flake, "faint")
        painter.setFont(font("small" if place.width() < NARROW else "body"))
        painter.setPen(colour)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


class PhaseHeader(QHeaderView):
    """Names the phases; the current one is lit."""

    def __init__(self, plan: PlanModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.plan = plan
        self.setDefaultSectionSize(ROW + 4)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font(bold=True))
        texts = [text for row in self.plan.rows for text in (row.title, row.when)]
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=80)
        return QSize(int(min(widest, TITLES)) + 28, super().sizeHint().height())

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        inks, place = ink(), QRectF(rect)
        row, lit = self.plan.rows[logicalIndex], self.plan.current == logicalIndex
        painter.save()
        if lit:
            painter.fillRect(QRectF(place.left() + 2, place.top() + 5, 3, place.height() - 10), inks.accent)
        upper, lower = (
            place.adjusted(14, 4, -8, -place.height() / 2),
            place.adjusted(14, place.height() / 2 - 1, -8, -4),
        )
        self._line(painter, upper, row.title, inks.text, lit)
        self._line(painter, lower, row.when, inks.muted, False)
        painter.restore()

    def _line(self, painter: QPainter, place: QRectF, text: str, colour: QColor, bold: bool) -> None:
        painter.setFont(font(bold=bold))
        painter.setPen(colour)
        elided(painter, place, text, mode=Qt.TextElideMode.ElideRight)


class BlockHeader(QHeaderView):
    """Names the blocks; `blocks.3` and `conv_head` take two lines, so that many stand side by side."""

    def __init__(self, plan: PlanModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.plan = plan
        self.setMinimumSectionSize(COLUMN)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEADER)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        place, face = QRectF(rect).adjusted(1, 2, -1, -4), font("small")
        painter.save()
        painter.setFont(face)
        painter.setPen(ink().muted)
        name, metrics = self.plan.blocks[logicalIndex], QFontMetricsF(face)
        lines = [name] if metrics.horizontalAdvance(name) < place.width() else _two_lines(name)
        fitting = (metrics.elidedText(line, Qt.TextElideMode.ElideRight, place.width()) for line in lines)
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, "\n".join(fitting))
        painter.restore()


class PlanTable(QTableView):
    """The strategy table. `show_plan` draws it, `light` marks the phase that runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan = PlanModel(self)
        self.setModel(self.plan)
        self.setItemDelegate(PlanCell(self))
        self.setVerticalHeader(PhaseHeader(self.plan, self))
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setCornerWidget(QWidget())
        self.setAccessibleName("Strategy: learning rate of each block in each phase")
        self.setHorizontalHeader(BlockHeader(self.plan, self))

    def show_plan(self, blocks: Sequence[str], sizes: Sequence[int], rows: Sequence[PlanRow]) -> None:
        """Draw phases (`rows`) by blocks; `sizes` are the blocks' numbers of parameters."""
        self.plan.show(blocks, sizes, rows)
        self.verticalHeader().updateGeometry()
        self.updateGeometries()

    def light(self, row: int | None) -> None:
        """Light the phase that runs now; None lights all alike."""
        self.plan.light(row)
        self.verticalHeader().viewport().update()
        self.scrollTo(self.plan.index(row or 0, 0))

    def sizeHint(self) -> QSize:
        rows = max(len(self.plan.rows), 1)
        crowded = len(self.plan.blocks) * COLUMN > self.viewport().width()
        bar = self.horizontalScrollBar().sizeHint().height() if crowded else 0
        return QSize(640, HEADER + rows * (ROW + 4) + bar + 4)


def _two_lines(name: str) -> list[str]:
    """`blocks.3` and `conv_head` as two lines; a name of one word stays one."""
    stem, dot, number = name.replace(" ", ".").rpartition(".")
    if dot:
        return [stem, number]
    first, line, rest = name.rpartition("_")
    return [first + line, rest] if first else [name]


def _warmth(inks: Ink, share: float) -> QColor:
    return mix(inks.surface, inks.accent, 0.18 + 0.72 * share)
