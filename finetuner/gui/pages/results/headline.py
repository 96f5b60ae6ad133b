"""The figures above all others, each with how far it can be believed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from finetuner.engine.evaluation.certainty import beside
from finetuner.engine.events import Scores
from finetuner.gui import theme
from finetuner.gui.pages.results.per_class import in_doubt, worst
from finetuner.gui.widgets.metric_tile import MetricTile
from finetuner.gui.widgets.ticks import write_number, write_percent


class Headline(QWidget):
    """`show_scores(scores, mistakes)`: accuracy, images, loss and the weakest class."""

    def __init__(self) -> None:
        super().__init__()
        self.accuracy = MetricTile(self.tr("Accuracy"), large=True)
        self.images, self.loss = MetricTile(self.tr("Images")), MetricTile(self.tr("Loss"))
        self.weakest = MetricTile(self.tr("Weakest class"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SECTION)
        for tile, stretch in ((self.accuracy, 2), (self.images, 1), (self.loss, 1), (self.weakest, 1)):
            row.addWidget(tile, stretch, Qt.AlignmentFlag.AlignTop)

    def show_scores(self, scores: Scores, mistakes: int) -> None:
        """Show them; so many answers are wrong."""
        self.accuracy.show_value(write_percent(scores.accuracy), beside(scores.n, scores.accuracy_interval))
        self.images.show_value(f"{scores.n:,}", self.tr("{:,} answered wrongly").format(mistakes))
        self.loss.show_value(write_number(scores.loss), self._loss_note(scores))
        weakest = worst(scores.per_class)
        if weakest is not None:
            told = self.tr("F1 {}, {}").format(write_percent(weakest.f1), in_doubt(weakest))
            self.weakest.show_value(weakest.name, told)

    def _loss_note(self, scores: Scores) -> str:
        if scores.loss_interval is None:
            return self.tr("cross-entropy, n = {:,}").format(scores.n)
        low, high = (write_number(edge) for edge in scores.loss_interval)
        return self.tr("{} – {}, n = {:,}").format(low, high, scores.n)
