"""A program that uses the exported file, ready to copy."""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.export import formats

_THANKS_MS = 1500


class SampleCode(QWidget):
    """`show_file(format, path)`; hidden for a format without a program."""

    def __init__(self) -> None:
        super().__init__()
        self.code = QPlainTextEdit(readOnly=True, accessibleName=self.tr("A program that uses the file"))
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.code.setFont(_fixed_font())
        self.copy = theme.button(self.tr("Copy"), "quiet", "file")
        self.copy.clicked.connect(self._copy)
        self._thanks = QTimer(self, singleShot=True, interval=_THANKS_MS)
        self._thanks.timeout.connect(lambda: self.copy.setText(self.tr("Copy")))
        self._fill()
        self.hide()

    def show_file(self, format: str, path: Path) -> None:
        """Show how the file at `path` is used."""
        text = formats.program(format, path)
        self.code.setPlainText(text)
        self.setVisible(bool(text))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.toPlainText())
        self.copy.setText(self.tr("Copied"))
        self._thanks.start()

    def _fill(self) -> None:
        head = QHBoxLayout()
        head.addWidget(theme.label(self.tr("Use it in Python"), "heading"), 1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addLayout(head)
        column.addWidget(self.code, 1)


def _fixed_font() -> object:
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPixelSize(theme.TYPE["small"])
    return made
