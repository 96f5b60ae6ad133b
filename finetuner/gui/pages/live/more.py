"""What is rarely wanted of the page, in a menu of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from finetuner.engine.prediction.steadiness import SteadinessPart
from finetuner.gui.pages.live.options import OptionsDialog
from finetuner.gui.pages.live.pane import Pane
from finetuner.gui.pages.live.sources import Source

if TYPE_CHECKING:
    from finetuner.gui.pages.live.page import LivePage


class More(QMenu):
    """More sources beside the first, and options."""

    def __init__(self, page: LivePage) -> None:
        super().__init__(page)
        self._page = page
        self.beside = self.addMenu(self.tr("Look at another source too"))
        self.beside.aboutToShow.connect(self.offer_sources)
        self.addAction(self.tr("Steady answers…"), self.ask_for_steadiness)

    def look_at_too(self, source: Source) -> None:
        """Show this source beside those in sight, answered by the same model."""
        self._page.wall.add(Pane(source, self._page.new_answerer(), lambda: self._page.model))

    def offer_sources(self) -> None:
        """List the sources that are not in sight; with four in sight, none can be had."""
        self.beside.clear()
        things, wall = self._page.setup.source.things, self._page.wall
        seen = [self._page.source, *(pane.source for pane in wall.panes)]
        for words, source in things:
            action = self.beside.addAction(words, lambda source=source: self.look_at_too(source))
            action.setEnabled(source not in seen and not wall.full)
        if all(source in seen for _, source in things):
            self.beside.addAction(self.tr("Open another one first, under Source")).setEnabled(False)

    def ask_for_steadiness(self) -> OptionsDialog:
        """Open the options of steady answers; what is changed there holds at once."""
        dialog = OptionsDialog(
            self.tr("Steady answers"),
            self.tr("How far answers to moving pictures are averaged, and when another class takes over."),
            self._page.answerer.steadiness,
            self._page,
        )
        dialog.changed.connect(self._on_steadiness)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
        return dialog

    def _on_steadiness(self, steadiness: SteadinessPart) -> None:
        self._page.answerer.steadiness = steadiness
        if self._page.running:
            self._page.start()
