"""How well each class is told from the rest at every threshold: ROC above, precision and recall below."""

from html import escape

from PySide6.QtWidgets import QVBoxLayout, QWidget

from finetuner.engine.evaluation.certainty import TOO_FEW, tells
from finetuner.engine.events import ClassScore, Scores
from finetuner.gui import theme
from finetuner.gui.widgets.curves import Curves

MOST_LINES = 6


class ClassCurves(QWidget):
    """One line for each class; of many, those that are told from the rest worst."""

    def __init__(self) -> None:
        super().__init__()
        waiting = self.tr("Not known for this run: score it again.")
        self.roc = _chart(self.tr("ROC"), self.tr("false alarms"), waiting)
        self.precision = _chart(self.tr("Precision"), self.tr("recall"), waiting)
        self.words = theme.label("", "small", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.roc, 1)
        layout.addWidget(self.precision, 1)
        layout.addWidget(self.words)

    def show_scores(self, scores: Scores) -> None:
        """Draw the classes that have curves."""
        known = [row for row in scores.per_class if row.auc is not None]
        drawn = sorted(known, key=_worst_first)[:MOST_LINES]
        for chart, points in ((self.roc, "roc"), (self.precision, "precision_recall")):
            chart.drop_lines()
            chart.set_span(1.0)
            for row in drawn:
                for x, y in getattr(row, points):
                    chart.append(row.name, x, y)
        self.words.setText(self._in_words(drawn, len(known)))

    def _in_words(self, drawn: list[ClassScore], known: int) -> str:
        if not drawn:
            return ""
        areas = ", ".join(map(self._coloured, drawn, theme.colours().series))
        told = self.tr("Area under ROC (95 % interval): {}.").format(areas)
        return (
            told if len(drawn) == known else self.tr("The {} hardest of {} classes. {}").format(len(drawn), known, told)
        )

    def _coloured(self, row: ClassScore, colour: str) -> str:
        """The name in the colour of its line, and its area."""
        told = f'<span style="color:{colour}">{escape(row.name)}</span> {row.auc:.3f}'
        if row.auc_interval is None:
            return told
        low, high = row.auc_interval
        doubt = "" if tells(row.support, row.auc_interval) else f", {TOO_FEW}"
        return f"{told} ({low:.3f} – {high:.3f}, n = {row.support:,}{doubt})"


def _chart(title: str, below: str, waiting: str) -> Curves:
    return Curves(title, below, percent=True, bounds=(0, 1), whole=True, waiting=waiting)


def _worst_first(row: ClassScore) -> float:
    return row.auc if row.auc is not None else 1.0
