"""Whether 80 % means 80 %: how often answers are right, by how sure they are."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from finetuner.engine.events import Reliability, Scores
from finetuner.gui import theme
from finetuner.gui.widgets.curves import Curves
from finetuner.gui.widgets.ticks import write_percent

FEWEST = 50
"""Images from which on the bins say something."""
FEWEST_IN_A_BIN = 5
"""A point that rests on fewer leaps about, and hides the line."""


class Calibration(QWidget):
    """The diagonal is where the words and the deeds agree."""

    def __init__(self) -> None:
        super().__init__()
        self.chart = Curves(
            self.tr("Right answers"),
            self.tr("confidence"),
            percent=True,
            bounds=(0, 1),
            whole=True,
            waiting=self.tr("Not known for this run: score it again."),
        )
        self.words = theme.label("", "small", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.chart, 1)
        layout.addWidget(self.words)

    def show_scores(self, scores: Scores) -> None:
        """Draw the model as the user sees it, and as it was before temperature scaling."""
        self.chart.drop_lines()
        self.chart.set_span(1.0)
        self.words.setText("")
        if scores.reliability is None or scores.reliability_raw is None:
            return
        for edge in (0.0, 1.0):
            self.chart.append(self.tr("ideal"), edge, edge)
        for name, found in ((self.tr("as shown"), scores.reliability), (self.tr("unscaled"), scores.reliability_raw)):
            self._draw(name, found)
        self.words.setText(self._in_words(scores, scores.reliability.error, scores.reliability_raw.error))

    def _draw(self, name: str, found: Reliability) -> None:
        for part in (part for part in found.bins if part.n >= FEWEST_IN_A_BIN):
            self.chart.append(name, part.confidence, part.accuracy)

    def _in_words(self, scores: Scores, shown: float, raw: float) -> str:
        sentence = self.tr(
            "What it says and what it does are {} apart on average, {} before its temperature ({:.2f}) was fitted."
        )
        figures = sentence.format(write_percent(shown), write_percent(raw), scores.temperature)
        told = f"{figures} {self._left_out(scores)}".strip()
        if scores.n >= FEWEST:
            return told
        return self.tr("{} With {:,} images this is too few to tell.").format(told, scores.n)

    def _left_out(self, scores: Scores) -> str:
        """That some points are missing, and why."""
        kinds = (scores.reliability, scores.reliability_raw)
        if all(part.n >= FEWEST_IN_A_BIN for kind in kinds if kind for part in kind.bins):
            return ""
        return self.tr("Points of fewer than {} images are left out.").format(FEWEST_IN_A_BIN)
