"""One editor for each kind of option."""

import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox

from finetuner.gui import theme
from finetuner.gui.forms.editor import Editor
from finetuner.gui.forms.path_editor import File

# a spin box counts in 32 bits
_LARGEST_INT = 2**31 - 1


class Choice(Editor):
    """One of a few words; with `optional`, also none of them."""

    def __init__(self, words: tuple[str, ...], optional: bool) -> None:
        self._box = QComboBox()
        super().__init__(self._box)
        if optional:
            self._box.addItem(self.tr("automatic"), None)
        for word in words:
            self._box.addItem(word, word)
        self._box.currentIndexChanged.connect(lambda _: self.changed.emit())

    def value(self) -> Any:
        """The word chosen."""
        return self._box.currentData()

    def grey(self, word: str, reason: str) -> None:
        """Let a word not be chosen, for this reason; an empty one lets it."""
        model, place = self._box.model(), self._box.findData(word)
        assert isinstance(model, QStandardItemModel)
        model.item(place).setEnabled(not reason)
        model.item(place).setToolTip(reason)

    def _show(self, value: Any) -> None:
        self._box.setCurrentIndex(self._box.findData(value))


class Switch(Editor):
    """Yes or no."""

    def __init__(self) -> None:
        self._box = QCheckBox()
        super().__init__(self._box)
        self._box.toggled.connect(lambda _: self.changed.emit())

    def value(self) -> bool:
        """Whether it is ticked."""
        return self._box.isChecked()

    def _show(self, value: Any) -> None:
        self._box.setChecked(bool(value))


class Count(Editor):
    """A whole number between limits."""

    def __init__(self, low: int, high: int) -> None:
        self._box = QSpinBox(minimum=low, maximum=high, keyboardTracking=False)
        super().__init__(self._box)
        self._box.lineEdit().setTextMargins(theme.GRID, 0, 0, 0)
        self._box.valueChanged.connect(lambda _: self.changed.emit())

    def value(self) -> int:
        """The number."""
        return self._box.value()

    def _show(self, value: Any) -> None:
        self._box.setValue(int(value))


class Number(Editor):
    """A number typed freely (0.02, 1e-3); with `optional`, an empty field is None."""

    def __init__(self, kind: type, optional: bool) -> None:
        self._line = QLineEdit()
        super().__init__(self._line)
        self._kind, self._optional = kind, optional
        if optional:
            self._line.setPlaceholderText(self.tr("automatic"))
        self._line.editingFinished.connect(self.changed)

    def value(self) -> Any:
        """The number typed. Raises ValueError when it is none."""
        text = self._line.text().strip().replace(",", ".")
        if not text and self._optional:
            return None
        try:
            return self._kind(text)
        except ValueError:
            raise ValueError(self.tr("“{}” is not a number.").format(text)) from None

    def _show(self, value: Any) -> None:
        self._line.setText("" if value is None else f"{value:g}")


class Text(Editor):
    """Words, typed freely."""

    def __init__(self) -> None:
        self._line = QLineEdit()
        super().__init__(self._line)
        self._line.editingFinished.connect(self.changed)

    def value(self) -> str:
        """What is typed."""
        return self._line.text().strip()

    def _show(self, value: Any) -> None:
        self._line.setText(value or "")


def editor_for(field: FieldInfo) -> Editor:
    """The editor that fits an option's type and limits."""
    kinds, optional = _kinds(field.annotation)
    low, high = _limits(field)
    if get_origin(kinds[0]) is Literal:
        return Choice(get_args(kinds[0]), optional)
    if kinds[0] is bool:
        return Switch()
    if kinds[0] is int and not optional:
        return Count(int(low or 0), min(int(high or 1_000_000), _LARGEST_INT))
    if kinds[0] in (int, float):
        return Number(kinds[0], optional)
    if kinds[0] is str:
        return Text()
    if kinds[0] is Path:
        return File(folder="folder" in (field.title or "").lower())
    raise TypeError(f"no editor for {field.annotation}")


def _kinds(annotation: Any) -> tuple[list[Any], bool]:
    union = get_origin(annotation) in (Union, types.UnionType)
    kinds = list(get_args(annotation)) if union else [annotation]
    return [kind for kind in kinds if kind is not type(None)], type(None) in kinds


def _limits(field: FieldInfo) -> tuple[float | None, float | None]:
    low = next((m.ge for m in field.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in field.metadata if hasattr(m, "le")), None)
    return low, high
