"""Which place decides for each class: asked of the engine, stopped, and shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from finetuner.engine import events
from finetuner.engine.requests import ShortcutsRequest

if TYPE_CHECKING:
    from finetuner.engine.events import Event, PredictionRow
    from finetuner.gui.bridge.worker import Worker
    from finetuner.gui.pages.results.page import ResultsPage


class Looking(QObject):
    """What the Results page does about shortcuts; one question at a time."""

    def __init__(self, page: ResultsPage) -> None:
        super().__init__(page)
        self._page, self._view = page, page.habits
        self._worker: Worker | None = None
        self._view.wanted.connect(self.look)
        self._view.unwanted.connect(self.stop)
        self._view.opened.connect(self._open)

    def look(self) -> None:
        """Ask for the run in sight, by the method that is chosen."""
        run = self._page.session.run
        if run is not None and self._worker is None:
            method, out = self._view.method.currentData(), Path(self._view.folder.filePath(run.name))
            self._view.set_busy(True)
            self._page.progress.show_progress(self.tr("Looking where each class is looked for"))
            request = ShortcutsRequest(run=run, method=method, out=out)
            self._worker = self._page.call(request, partial(self._on_event, run), self._on_end)

    def stop(self) -> None:
        """Nobody waits for the answer any more."""
        if self._worker is not None:
            self._worker.stop()

    def forget(self) -> None:
        """Another run is shown."""
        self.stop()
        self._view.forget()

    def _on_event(self, run: Path, event: Event) -> None:
        match event:
            case events.Progress():
                left = event.rate, event.seconds_left, self.tr("images")
                self._page.progress.show_progress(event.activity, event.done, event.total, *left)
            case events.ShortcutsMeasured() if run == self._page.session.run:
                self._view.show_measured(event)

    def _on_end(self) -> None:
        self._worker = None
        self._view.set_busy(False)
        self._page.progress.finish()

    def _open(self, heading: str, rows: tuple[PredictionRow, ...]) -> None:
        ranked = sorted(rows, key=lambda row: -row.probability)
        self._page.answers.show_answers(heading, "", ranked, back=True)
