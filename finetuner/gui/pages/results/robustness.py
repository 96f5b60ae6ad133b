"""How the model bears what may happen to a photo: a small chart for each disturbance."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.evaluation.certainty import beside
from finetuner.engine.events import RobustnessMeasured
from finetuner.engine.prediction.disturbances import DISTURBANCES
from finetuner.gui import theme
from finetuner.gui.widgets.curves import Curves
from finetuner.gui.widgets.ticks import write_percent

COLUMNS = 2


class Robustness(QWidget):
    """`wanted` when the user asks for it; then `show_measured`."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._question = self.tr(
            "How often is the model right when a photo is blurred, dark, noisy, compressed, turned or far away?"
        )
        self.words = theme.label(self._question, "small", wrap=True)
        self.measure = theme.button(self.tr("Measure"), "", "refresh")
        self.measure.clicked.connect(self.wanted)
        self.charts = {name: self._chart(kind.title, kind.unit) for name, kind in DISTURBANCES.items()}
        self._lay_out()

    def forget(self) -> None:
        """Another run is shown."""
        self.words.setText(self._question)
        for chart in self.charts.values():
            chart.drop_lines()

    def show_measured(self, event: RobustnessMeasured) -> None:
        """Draw accuracy against strength; the undisturbed accuracy is where each line begins."""
        self.forget()
        whole = event.points[0]
        for name, chart in self.charts.items():
            for point in (whole, *(point for point in event.points if point.disturbance == name)):
                chart.append(self.tr("right"), point.strength, point.accuracy)
        self.words.setText(self._in_words(event))

    def _in_words(self, event: RobustnessMeasured) -> str:
        worst = min(event.points[1:], key=lambda point: point.accuracy)
        kind = DISTURBANCES[worst.disturbance]
        return self.tr(
            "On {:,} validation images. Undisturbed {} are right ({}); it bears {} worst: {} at {:g} {} ({})."
        ).format(
            event.images,
            write_percent(event.points[0].accuracy),
            beside(event.images, event.points[0].accuracy_interval),
            kind.title.lower(),
            write_percent(worst.accuracy),
            worst.strength,
            kind.unit,
            beside(event.images, worst.accuracy_interval),
        )

    def _chart(self, title: str, unit: str) -> Curves:
        return Curves(title, unit, percent=True, bounds=(0, 1), whole=True, waiting="–")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.words, 1)
        top.addWidget(self.measure)
        grid = QGridLayout()
        grid.setSpacing(theme.GRID)
        for number, chart in enumerate(self.charts.values()):
            chart.setMinimumHeight(theme.GRID * 14)
            grid.addWidget(chart, *divmod(number, COLUMNS))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addLayout(grid, 1)
