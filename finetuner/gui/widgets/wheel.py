"""Fields that stand still while the page is scrolled under the pointer."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


def calm(field: QWidget) -> None:
    """Let the wheel scroll the page; it changes the field only where the keyboard is."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_Calm(field))


class _Calm(QObject):
    """Hands the wheel on."""

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel or not isinstance(field, QWidget) or field.hasFocus():
            return False
        event.ignore()
        return True
