"""Options that are rarely changed: a form in a window of its own, beside the picture that shows what they do."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from finetuner.engine.job import Part
from finetuner.gui import theme
from finetuner.gui.forms import PartForm

_WIDTH = theme.GRID * 80


class OptionsDialog(QDialog):
    """`changed(part)` as soon as an option has a new value that is within its limits."""

    changed = Signal(object)

    def __init__(self, title: str, sentence: str, part: Part, parent: QWidget | None = None) -> None:
        super().__init__(parent, windowTitle=title)
        self.part = part
        self.form = PartForm(type(part))
        self.form.show_values(part)
        self.form.changed.connect(self._on_change)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*[theme.GRID * 3] * 4)
        self.column.setSpacing(theme.GAP)
        self.column.addWidget(theme.label(sentence, "muted", wrap=True))
        self.column.addWidget(self.form)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        self.column.addWidget(buttons)
        self.resize(_WIDTH, self.sizeHint().height())

    def _on_change(self, values: dict[str, Any]) -> None:
        self.part = self.part.model_copy(update=values)
        self.changed.emit(self.part)
