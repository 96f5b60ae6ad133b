"""What every editor of an option has: `changed`, `value()` and `set_value(value)`; None is "not set"."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QHBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.wheel import calm


class Editor(QWidget):
    """An editor of one option. `value` may raise ValueError with a sentence while what is typed is no value."""

    changed = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__()
        self.field = field
        self.setFocusProxy(field)
        if isinstance(field, QComboBox | QAbstractSpinBox):
            calm(field)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(theme.HALF)
        self.row.addWidget(field)

    def value(self) -> Any:
        """What is chosen or typed."""
        raise ValueError(self.tr("This editor has no value."))

    def set_value(self, value: Any) -> None:
        """Show a value without emitting `changed`."""
        self.field.blockSignals(True)
        self._show(value)
        self.field.blockSignals(False)

    def _show(self, value: Any) -> None:
        """Put the value into the field; `set_value` keeps the field quiet meanwhile."""
