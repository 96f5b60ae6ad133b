"""The Export page: format, place, one button; then the certificate and a program that uses the file."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout

from finetuner.engine.events import Event, Exported, Failed, Progress
from finetuner.gui import theme
from finetuner.gui.bridge.worker import Worker
from finetuner.gui.pages.export.certificate import CertificateCard
from finetuner.gui.pages.export.form import ExportForm
from finetuner.gui.pages.export.sample import SampleCode
from finetuner.gui.pages.page import Page, scrolled
from finetuner.gui.session import Session
from finetuner.gui.widgets.progress_line import ProgressLine

_FORM_WIDTH = theme.GRID * 45


class ExportPage(Page):
    """Writes one file at a time; what comes of it stands beside the form."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_title(self.tr("Export"), self.tr("A file for others to use, checked against the app."))
        self.form, self.certificate, self.sample = ExportForm(), CertificateCard(), SampleCode()
        self.progress = ProgressLine()
        self.written: Path | None = None
        self._worker: Worker | None = None
        self._cancel = self.add_action(self.tr("Cancel"), self.cancel)
        self._show_folder = self.add_action(self.tr("Show in folder"), self.show_in_folder, symbol="folder")
        self._export = self.add_action(self.tr("Export"), self.export, "primary", "export")
        self._fill_body()
        self.form.changed.connect(self._show_actions)
        session.run_changed.connect(self.show_run)
        self.show_run(session.run)

    def show_run(self, run: Path | None) -> None:
        """Export this run from now on."""
        self.written = None
        self.certificate.promise()
        self.sample.hide()
        if run is None:
            self.show_empty(
                "export",
                self.tr("Nothing to export yet"),
                self.tr(
                    "Train a model first. Here it then becomes one file that answers raw pixels anywhere, with a"
                    " certificate that it gives the same answers as this app."
                ),
                self.tr("Choose photos"),
                lambda: self.session.go("dataset"),
            )
        else:
            self.show_body()
            self.form.show_run(run)
        self._show_actions()

    def export(self) -> None:
        """Write the file that the form describes."""
        if self._worker is None and self.form.ready:
            self.notice.clear()
            self.progress.show_progress(self.tr("Exporting"))
            handle = partial(self._on_event, self.session.run)
            self._worker = self.call(self.form.request(), handle, self._on_end)
            self._show_actions()

    def cancel(self) -> None:
        """Give up the export under way; nothing is left of it."""
        if self._worker is not None:
            self._worker.stop()

    def show_in_folder(self) -> None:
        """Open the folder that holds the file."""
        if self.written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.written.parent)))

    def _on_event(self, run: Path | None, event: Event) -> None:
        """What comes of an export of `run`; beside the form of another one it would be a false certificate."""
        match event:
            case Progress():
                self.progress.show_progress(
                    event.activity, event.done, event.total, event.rate, event.seconds_left, self.tr("images")
                )
            case Exported() if run != self.session.run:
                self.tell(self.tr("{} is written.").format(event.path), level="good")
            case Exported():
                self.written = Path(event.path)
                self.certificate.show_exported(event)
                self.sample.show_file(event.format, self.written)
            case Failed():
                self.written = None
                self.certificate.promise()
                self.sample.hide()

    def _on_end(self) -> None:
        self._worker = None
        self.progress.finish()
        self._show_actions()

    def _show_actions(self) -> None:
        there, busy = self.session.run is not None, self._worker is not None
        self._export.setVisible(there)
        self._export.setEnabled(self.form.ready and not busy)
        self._cancel.setVisible(busy)
        self._show_folder.setVisible(self.written is not None and not busy)
        self.form.setEnabled(not busy)

    def _fill_body(self) -> None:
        self.form.setFixedWidth(_FORM_WIDTH)
        result = QVBoxLayout()
        result.setSpacing(theme.GRID * 3)
        result.addWidget(self.certificate)
        result.addWidget(self.progress)
        result.addWidget(self.sample, 1)
        result.addStretch(0)
        row = QHBoxLayout()
        row.setSpacing(theme.SECTION)
        row.addWidget(self._column())
        row.addLayout(result, 1)
        self.body.addLayout(row, 1)

    def _column(self) -> QScrollArea:
        """The form, which scrolls where it is longer than the window; its bar stands beside it."""
        made = scrolled(self.form)
        made.setFixedWidth(_FORM_WIDTH + made.verticalScrollBar().sizeHint().width())
        return made
