"""A choice with its reason: a title and a sentence, one card among several."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.ink import font, ink, mix

PADDING, DOT = 12, 16
WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


class ChoiceCard(QAbstractButton):
    """A radio button that explains itself."""

    def __init__(self, title: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.say(title, sentence)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, title: str, sentence: str) -> None:
        """Offer this choice, for this reason."""
        self.sentence = sentence
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        title = QFontMetrics(font(bold=True)).height()
        return 2 * PADDING + title + 2 + self._words(width).height()

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(300))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_dot(painter)
        inks, left = ink(), PADDING + DOT + 10
        painter.setFont(font(bold=True))
        painter.setPen(inks.text)
        title = QRectF(left, PADDING, self.width() - left, QFontMetrics(painter.font()).height())
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(font("small"))
        painter.setPen(inks.muted)
        painter.drawText(self._words(self.width()).translated(left, int(title.bottom()) + 2), WRAPPED, self.sentence)

    def _words(self, width: int) -> QRect:
        room = QRect(0, 0, max(width - 2 * PADDING - DOT - 10, 60), 1000)
        return QFontMetrics(font("small")).boundingRect(room, WRAPPED, self.sentence)

    def _paint_ground(self, painter: QPainter) -> None:
        inks, lit = ink(), self.isChecked() or self.hasFocus()
        painter.setPen(QPen(inks.accent if lit else inks.line, 2 if self.hasFocus() else 1))
        soft = theme.colour("accent_soft") if self.isChecked() else inks.surface
        painter.setBrush(mix(soft, inks.sunken, 0.6) if self.underMouse() and not self.isChecked() else soft)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)

    def _paint_dot(self, painter: QPainter) -> None:
        inks = ink()
        ring = QRectF(PADDING, PADDING + 1, DOT, DOT)
        painter.setPen(QPen(inks.accent if self.isChecked() else inks.faint, 5 if self.isChecked() else 1.4))
        painter.setBrush(inks.surface)
        inset = 2.5 if self.isChecked() else 0.7
        painter.drawEllipse(ring.adjusted(inset, inset, -inset, -inset))


class ChoiceCards(QWidget):
    """Cards under one another, one of them chosen; the arrow keys move. `chosen(key)` when the user chooses."""

    chosen = Signal(str)

    def __init__(self, choices: Mapping[str, tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, ChoiceCard] = {}
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        for key, (title, sentence) in choices.items():
            card = ChoiceCard(title, sentence)
            card.clicked.connect(lambda _, key=key: self.chosen.emit(key))
            self.cards[key] = card
            self._group.addButton(card)
            layout.addWidget(card)
        layout.addStretch(1)

    def choose(self, key: str) -> None:
        """Show `key` as the chosen one, without a signal."""
        self.cards[key].setChecked(True)
