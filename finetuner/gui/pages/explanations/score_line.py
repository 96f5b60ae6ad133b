"""What a concept means for one class: a bar, the line of chance across it, and the engine's sentence."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from finetuner.engine.dataset.names import readable
from finetuner.engine.events import ConceptScore
from finetuner.gui import theme
from finetuner.gui.widgets.ink import Ink, font, ink, mix

_BAR = 10
_NAME = theme.GRID * 18


class ScoreBar(QWidget):
    """A share from 0 to 1, and where chance would be."""

    def __init__(self, score: ConceptScore) -> None:
        super().__init__()
        self.score = score
        self.setAccessibleName(self.tr("Score for {}").format(readable(score.label)))
        told = self.tr("{:.0%}, by chance {:.0%}").format(score.score, score.by_chance)
        self.setAccessibleDescription(told)
        self.setToolTip(told)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.GRID * 30, theme.GRID * 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, inks = QPainter(self), ink()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(0, (self.height() - _BAR) / 2, self.width(), _BAR)
        painter.setBrush(inks.line)
        painter.drawRoundedRect(track, theme.HALF, theme.HALF)
        track.setWidth(self.width() * self.score.score)
        painter.setBrush(self._colour(inks))
        painter.drawRoundedRect(track, min(theme.HALF, track.width() / 2), theme.HALF)
        painter.fillRect(QRectF(self.chance_at() - 1, 0, 2, self.height()), inks.text)

    def chance_at(self) -> float:
        """Where the line of chance lies, in pixels from the left; all of it within the widget."""
        return 1 + (self.width() - 2) * self.score.by_chance

    def _colour(self, inks: Ink) -> QColor:
        known = {"for": inks.accent, "against": inks.warning}
        return known.get(self.score.speaks, mix(inks.line, inks.muted, 0.5))


class ScoreLine(QWidget):
    """The class, its bar, its share, and below them the sentence."""

    def __init__(self, score: ConceptScore) -> None:
        super().__init__()
        self.bar = ScoreBar(score)
        self.sentence = theme.label(readable(score.sentence), "muted", wrap=True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        for part in (_name(readable(score.label)), self.bar, _share(score.score)):
            row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addLayout(row)
        column.addWidget(self.sentence)


def _name(label: str) -> QLabel:
    fitting = QFontMetrics(font("body", bold=True)).elidedText(label, Qt.TextElideMode.ElideMiddle, _NAME)
    made = theme.label(fitting, "strong")
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFixedWidth(_NAME)
    made.setToolTip(label)
    return made


def _share(share: float) -> QLabel:
    made = theme.label(f"{share:.0%}")
    made.setFixedWidth(theme.GRID * 5)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made
