"""Original, map or overlay, and how strong the overlay is."""

from typing import get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QSlider, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.explanations.look import Look, View
from finetuner.gui.widgets.wheel import calm

_SLIDER = theme.GRID * 16


class LookBar(QWidget):
    """`look` is what is chosen; `changed` when it does."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.views: dict[View, QPushButton] = {}
        self.strength = calm(QSlider(Qt.Orientation.Horizontal, accessibleName=self.tr("Strength of the overlay")))
        self.strength.setRange(0, 100)
        self.strength.setValue(100)
        self.strength.setFixedSize(_SLIDER, theme.GRID * 3)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.HALF)
        self._add_views(row)
        row.addSpacing(theme.GRID)
        row.addWidget(self.strength)
        self.strength.valueChanged.connect(self.changed)

    @property
    def look(self) -> Look:
        """How pictures are to be looked at."""
        view = next(view for view, button in self.views.items() if button.isChecked())
        return Look(view, self.strength.value() / 100)

    def _add_views(self, row: QHBoxLayout) -> None:
        told = {"original": self.tr("Original"), "map": self.tr("Map"), "overlay": self.tr("Overlay")}
        for view in get_args(View):
            button = theme.button(told[view])
            button.setCheckable(True)
            button.setChecked(view == "overlay")
            button.toggled.connect(self._on_toggled)
            self.views[view] = button
            self._group.addButton(button)
            row.addWidget(button)

    def _on_toggled(self, checked: bool) -> None:
        if checked:
            self.strength.setEnabled(self.views["overlay"].isChecked())
            self.changed.emit()
