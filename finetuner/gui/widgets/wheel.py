"""Fields that stand still while the page is scrolled under the pointer."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

Field = TypeVar("Field", bound=QWidget)


def calm(field: Field) -> Field:
    """The field itself; the wheel over it scrolls the page, and changes it only where the keyboard is."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_Calm(field))
    return field


class _Calm(QObject):
    """Hands the wheel on."""

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel or not isinstance(field, QWidget) or field.hasFocus():
            return False
        event.ignore()
        return True
