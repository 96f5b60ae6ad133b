"""Saving: one picture where the user says, or all of them into a folder. Files are written in a thread."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from finetuner.engine.events import Event, Failed, Notice
from finetuner.gui.bridge.local import LocalTask
from finetuner.gui.pages.explanations.look import Look
from finetuner.gui.pages.explanations.saving import copied, file_name, places, saved
from finetuner.gui.pages.explanations.wish import Finding
from finetuner.gui.pages.page import Page


class Keeper(QObject):
    """Asks where, writes, and tells on `page` how it went."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._folder = Path.home()

    def save(self, finding: Finding, look: Look) -> None:
        """Ask for a file and write the picture."""
        if finding.explained is None:
            return
        start = str(self._folder / file_name(finding))
        chosen, _ = QFileDialog.getSaveFileName(self._page, self.tr("Save this picture"), start, "PNG (*.png)")
        if chosen:
            self._write([(finding, Path(chosen))], look)

    def save_all(self, findings: Sequence[Finding], look: Look) -> None:
        """Ask for a folder and write every picture into it; no file that is there is replaced."""
        drawn = [finding for finding in findings if finding.explained is not None]
        if not drawn:
            self._page.tell(self.tr("There is no picture to save yet."), level="info")
            return
        chosen = QFileDialog.getExistingDirectory(self._page, self.tr("Save all pictures into"), str(self._folder))
        if chosen:
            self._write(places(drawn, Path(chosen)), look)

    def keep(self, picture: Path) -> None:
        """Ask for a file and write a finished PNG there, with what it says of itself."""
        start = str(self._folder / picture.name)
        chosen, _ = QFileDialog.getSaveFileName(self._page, self.tr("Save this picture"), start, "PNG (*.png)")
        if chosen:
            self._folder = Path(chosen).parent
            self._start(copied(picture, Path(chosen)))

    def _write(self, pictures: Sequence[tuple[Finding, Path]], look: Look) -> None:
        self._folder = pictures[0][1].parent
        self._start(saved(pictures, look))

    def _start(self, events: Iterator[Event]) -> None:
        self._page.session.calls.start(partial(LocalTask, events), self._on_event)

    def _on_event(self, event: Event) -> None:
        match event:
            case Notice():
                self._page.tell(event.sentence, level="good")
            case Failed():
                self._page.tell(event.sentence, event.next_step)
