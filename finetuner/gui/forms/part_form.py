"""A form for some options of a part: label, editor, help; a refused value gets its sentence under the editor."""

from collections.abc import Collection
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from finetuner.engine.job import Part, explain
from finetuner.gui import theme
from finetuner.gui.forms.editor import Editor
from finetuner.gui.forms.editors import Choice, editor_for

_EDITOR_WIDTH = theme.GRID * 24


def align(forms: "Collection[PartForm]") -> None:
    """Let forms that stand one below the other begin their editors at the same place."""
    width = max(form.label_width() for form in forms)
    for form in forms:
        form.set_label_width(width)


class PartForm(QWidget):
    """Rows for `names` (default: all options) of `part`. `changed` carries {option: value}, held to its limits."""

    changed = Signal(dict)

    def __init__(self, part: type[Part], names: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._part = part
        self._labels: list[QLabel] = []
        self._editors: dict[str, Editor] = {}
        self._hints: dict[str, QLabel] = {}
        self._reasons: dict[str, str] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP)
        self._grid.setVerticalSpacing(theme.GRID + theme.HALF)
        self._grid.setColumnStretch(2, 1)
        for name in names or tuple(part.model_fields):
            self._add_row(name)

    def label_width(self) -> int:
        """What the widest label needs, in pixels."""
        return max(label.sizeHint().width() for label in self._labels)

    def set_label_width(self, width: int) -> None:
        """Give all labels at least that much."""
        self._grid.setColumnMinimumWidth(0, width)

    def show_values(self, values: Part) -> None:
        """Show the options of a part."""
        for name, editor in self._editors.items():
            editor.set_value(getattr(values, name))
            self._explain(name, "")

    def editor(self, name: str) -> Editor:
        """The editor of an option."""
        return self._editors[name]

    def hint(self, name: str) -> str:
        """What stands beside an option."""
        return self._hints[name].text()

    def sentence(self, name: str) -> str:
        """What is said about a refused value; empty when the value is fine."""
        hint = self._hints[name]
        return hint.text() if hint.property("role") == "bad" else ""

    def grey(self, name: str, word: str, reason: str) -> None:
        """Let one word of a choice not be chosen; the reason is told beside it. An empty reason lets it."""
        editor = self._editors[name]
        assert isinstance(editor, Choice)
        editor.grey(word, reason)
        self._reasons[name] = reason
        self._explain(name, self.sentence(name))

    def set_row_visible(self, name: str, visible: bool) -> None:
        """Show or hide an option that only matters in some cases."""
        row = list(self._editors).index(name)
        for column in range(3):
            item = self._grid.itemAtPosition(row, column)
            if item is not None and (widget := item.widget()) is not None:
                widget.setVisible(visible)

    def _add_row(self, name: str) -> None:
        field = self._part.model_fields[name]
        title = self.tr(field.title or name)
        editor, hint = editor_for(field), theme.label(field.description or "", "small", wrap=True)
        editor.field.setAccessibleName(title)
        editor.field.setAccessibleDescription(field.description or "")
        editor.setFixedWidth(_EDITOR_WIDTH)
        editor.changed.connect(lambda: self._on_change(name))
        label = QLabel(title, buddy=editor.field)
        label.ensurePolished()  # its font is the style sheet's, which counts for its width
        self._labels.append(label)
        self._editors[name], self._hints[name] = editor, hint
        for column, widget in enumerate((label, editor, hint)):
            self._grid.addWidget(widget, len(self._editors) - 1, column, Qt.AlignmentFlag.AlignVCenter)

    def _on_change(self, name: str) -> None:
        try:
            value = self._checked(name)
        except ValidationError as error:
            self._explain(name, explain(error).partition(": ")[2])
        except ValueError as error:
            self._explain(name, str(error))
        else:
            self._explain(name, "")
            self.changed.emit({name: value})

    def _checked(self, name: str) -> Any:
        """The editor's value, held against the option's limits."""
        return getattr(self._part.model_validate({name: self._editors[name].value()}), name)

    def _explain(self, name: str, sentence: str) -> None:
        hint = self._hints[name]
        told = self.tr(self._part.model_fields[name].description or "")
        hint.setText(sentence or f"{told} {self._reasons.get(name, '')}".strip())
        theme.set_role(hint, "bad" if sentence else "small")
        theme.set_role(self._editors[name].field, "wrong" if sentence else "")
