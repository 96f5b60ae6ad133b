"""The editor of a path: a line that takes what is dropped on it, and a button to look for one."""

from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QToolButton

from finetuner.gui import theme
from finetuner.gui.forms.editor import Editor


class PathLine(QLineEdit):
    """A file that is dropped here is its path, not its address on the net."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if path := _dropped(event):
            event.acceptProposedAction()
            self.setText(path)
            self.editingFinished.emit()
        else:
            super().dropEvent(event)


class File(Editor):
    """A file or folder, typed, dropped or looked for."""

    def __init__(self, folder: bool) -> None:
        self._line = PathLine()
        super().__init__(self._line)
        self._folder = folder
        self._line.editingFinished.connect(self.changed)
        browse = QToolButton(icon=theme.icon("folder"), accessibleName=self.tr("Browse"), clicked=self._browse)
        self.row.addWidget(browse)

    def value(self) -> Path | None:
        """The path typed, None if there is none."""
        text = self._line.text().strip()
        return Path(text) if text else None

    def _show(self, value: Any) -> None:
        self._line.setText("" if value is None else str(value))

    def _browse(self) -> None:
        ask = QFileDialog.getExistingDirectory if self._folder else lambda *a: QFileDialog.getOpenFileName(*a)[0]
        if chosen := ask(self, self.tr("Choose"), self._line.text()):
            self._line.setText(chosen)
            self.changed.emit()


def _dropped(event: QDropEvent) -> str:
    """The one file that is dropped; empty for anything else."""
    paths = [url.toLocalFile() for url in event.mimeData().urls()]
    return paths[0] if len(paths) == 1 else ""
