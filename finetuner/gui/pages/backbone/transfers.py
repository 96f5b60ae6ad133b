"""Weights on their way: a download, or a carry file out of this machine or into it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from finetuner.engine.events import CarriedIn, CarriedOut, Downloaded, Event, Progress
from finetuner.engine.requests import CarryInRequest, CarryOutRequest, DownloadRequest, Request
from finetuner.gui import theme
from finetuner.gui.bridge.worker import Worker
from finetuner.gui.pages.page import Page
from finetuner.gui.widgets.progress_line import ProgressLine


class Transfers(QWidget):
    """One at a time, with its progress and a Cancel beside it; hidden while there is none.

    `arrived` carries the name of the backbone whose weights are on this disk now.
    """

    arrived = Signal(str)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._worker: Worker | None = None
        self._cancelled, self._kept = "", ""
        self.progress, self.stop = ProgressLine(), theme.button(self.tr("Cancel"), "quiet", "stop")
        self.stop.clicked.connect(self.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.progress, 1)
        layout.addWidget(self.stop)
        self.hide()

    def download(self, name: str) -> None:
        """Fetch a backbone's published weights."""
        kept = self.tr("What has come is kept: the next download goes on from there.")
        self._start(DownloadRequest(backbone=name), self.tr("Downloading {}").format(name), kept)

    def carry_out(self, name: str, file: Path) -> None:
        """Write a backbone's weights as one file."""
        self._start(CarryOutRequest(backbone=name, out=file), self.tr("Writing {}").format(file.name))

    def carry_in(self, file: Path) -> None:
        """Check a file that was carried here, and keep it."""
        self._start(CarryInRequest(file=file), self.tr("Checking {}").format(file.name))

    def cancel(self) -> None:
        """End what is under way, at once."""
        if self._worker is not None:
            self.stop.setEnabled(False)
            self._cancelled = self.tr("Stopped.")
            self._worker.stop()

    def _start(self, request: Request, words: str, if_cancelled: str = "") -> None:
        if self._worker is not None:
            self._page.tell(self.tr("Something else is on its way."), self.tr("Wait for it, or cancel it."), "info")
            return
        self._page.notice.clear()
        self._cancelled, self._kept = "", if_cancelled
        self.progress.show_progress(words)
        self.stop.setEnabled(True)
        self.show()
        self._worker = self._page.call(request, self._on_event, self._on_end)

    def _on_event(self, event: Event) -> None:
        match event:
            case Progress():
                figures = (event.done, event.total, event.rate, event.seconds_left, event.unit)
                self.progress.show_progress(event.activity, *figures)
            case Downloaded() | CarriedIn():
                self._cancelled = ""
                self._page.tell(self._welcome(event), "", "good")
                self.arrived.emit(event.backbone)
            case CarriedOut():
                self._cancelled = ""
                step = self.tr("Open it on the other machine with Weight file…, and it is offered there.")
                self._page.tell(self.tr("{} is in {} now.").format(event.backbone, event.path), step, "good")

    def _welcome(self, event: Downloaded | CarriedIn) -> str:
        words = self.tr("The weights of {} are on this disk now.").format(event.backbone)
        licence = event.licence if isinstance(event, CarriedIn) else ""
        return f"{words} {self.tr('Their licence: {}.').format(licence)}" if licence else words

    def _on_end(self) -> None:
        self._worker = None
        self.progress.finish()
        self.hide()
        if self._cancelled:
            self._page.tell(self._cancelled, self._kept, "info")
