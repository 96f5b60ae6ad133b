"""Asking for a source that is no file: a part of the screen, a window, an address."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from finetuner.engine.errors import FinetunerError
from finetuner.gui.pages.live.picker import ScreenPicker
from finetuner.gui.pages.live.sources import Sources


class Asking(QObject):
    """`named(text)`: a source as the command line names it. `failed(error)`: there is none to choose from."""

    named = Signal(str)
    failed = Signal(object)

    def __init__(self, sources: Sources, window: QWidget) -> None:
        super().__init__(window)
        self._sources, self._window = sources, window

    def screen(self) -> ScreenPicker:
        """Let the user draw a rectangle on the screen that the window is on."""
        picker = ScreenPicker(self._window.screen() or QGuiApplication.primaryScreen(), self._window)
        picker.chosen.connect(self.named)
        picker.showFullScreen()
        return picker

    def window(self) -> None:
        """Let the user choose a window of any program."""
        try:
            titles = self._sources.windows()
            if not titles:
                raise FinetunerError(
                    self.tr("This system does not tell which windows there are."),
                    self.tr("Look at a part of the screen instead."),
                )
        except FinetunerError as error:
            self.failed.emit(error)
            return
        title, given = QInputDialog.getItem(self._window, self.tr("A window"), self.tr("Window"), titles, 0, False)
        if given:
            self.named.emit(f"window:{title}")

    def address(self) -> None:
        """Let the user type an address; it is contacted when the source starts, and nothing else is."""
        words = self.tr("Address of the stream (rtsp://… or http://…)")
        text, given = QInputDialog.getText(
            self._window, self.tr("Camera at an address"), words, QLineEdit.EchoMode.Normal, "rtsp://"
        )
        if given and text.strip():
            self.named.emit(text.strip())
