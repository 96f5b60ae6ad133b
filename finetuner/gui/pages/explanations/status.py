"""How far the board is: so many pictures of so many, then the verdicts; Cancel, and Go on after it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.explanations.bench import Bench
from finetuner.gui.widgets.progress_line import ProgressLine


class Status(QWidget):
    """`resumed`: the user wants to go on."""

    resumed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self.line = ProgressLine()
        self.cancel = theme.button(self.tr("Cancel"), symbol="stop")
        self.resume = theme.button(self.tr("Go on"), symbol="resume")
        self.cancel.clicked.connect(lambda: bench.cancel())
        self.resume.clicked.connect(self.resumed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.line, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.resume)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.CONTROL + theme.HALF)
        self.refresh()

    def refresh(self) -> None:
        """Tell how it stands."""
        done, total, waiting = self._bench.tally
        unfinished = done < total or waiting > 0
        self.cancel.setVisible(self._bench.busy and not self._bench.cancelled)
        self.resume.setVisible(self._bench.cancelled and unfinished)
        if not self._bench.busy:
            self.line.finish()
        elif done < total:
            self.line.show_progress(self.tr("Pictures"), done, total)
        else:
            self.line.show_progress(self.tr("May they be believed?"), max(total - waiting, 0), total)
