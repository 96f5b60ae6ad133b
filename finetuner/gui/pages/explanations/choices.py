"""What is asked of the photos: which class, and at which layer."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from finetuner.engine.events import LayerRow
from finetuner.gui import theme
from finetuner.gui.widgets.wheel import calm


class Target(Enum):
    """A class that each photo has of its own."""

    PREDICTED = "predicted"
    TRUE = "true"


class ClassMenu(QComboBox):
    """The predicted class, the true one, or any of the run's; `chosen` when it changes by the user's hand."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Class to explain"))
        _settle(self)
        self.currentIndexChanged.connect(self.chosen)

    def offer(self, classes: Sequence[str]) -> None:
        """Offer a run's classes, and choose the predicted one."""
        self.blockSignals(True)
        self.clear()
        self.addItem(self.tr("The predicted class"), Target.PREDICTED)
        self.addItem(self.tr("The true class"), Target.TRUE)
        if classes:
            self.insertSeparator(self.count())
        for name in classes:
            self.addItem(name, name)
        self.blockSignals(False)

    def wants_truth(self) -> bool:
        """Whether the true class is asked for, which not every photo has."""
        return self.currentData() is Target.TRUE

    def label(self, truth: str | None) -> str | None:
        """The class that is asked for of a photo whose true class is `truth`; None is the predicted one."""
        if self.wants_truth():
            return truth
        chosen = self.currentData()
        return chosen if isinstance(chosen, str) else None


class LayerMenu(QComboBox):
    """The usual layer of the family, or the end of any block; `chosen` when it changes by the user's hand."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Layer to look at"))
        _settle(self)
        self.currentIndexChanged.connect(self.chosen)
        self.offer("", ())

    @property
    def layer(self) -> str | None:
        """The module that is wished for; None for the usual one."""
        chosen = self.currentData()
        return chosen if isinstance(chosen, str) else None

    def offer(self, usual: str, rows: Sequence[LayerRow]) -> None:
        """Offer a run's layers, and choose the usual one."""
        self.blockSignals(True)
        self.clear()
        self.addItem(self.tr("Usual layer, {}").format(usual) if usual else self.tr("Usual layer"), None)
        if rows:
            self.insertSeparator(self.count())
        for row in rows:
            self.addItem(f"{row.name}  ·  {row.side} × {row.side}", row.name)
        self.blockSignals(False)


def _settle(menu: QComboBox) -> None:
    calm(menu)
    menu.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    menu.setMaximumWidth(theme.GRID * 32)
