"""What is rarely wanted of the page, in a menu of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from finetuner.engine.prediction.steadiness import SteadinessPart
from finetuner.gui.pages.live.heat import Heat
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
        self.aboutToShow.connect(self.refresh)
        self.beside.aboutToShow.connect(self.offer_sources)
        self.heat = self.addAction(self.tr("Show where it looks (Grad-CAM)"), self.toggle_heat)
        self.heat.setCheckable(True)
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
            action = self.beside.addAction(words, partial(self.look_at_too, source))
            action.setEnabled(source not in seen and not wall.full)
        if all(source in seen for _, source in things):
            self.beside.addAction(self.tr("Open another one first, under Source")).setEnabled(False)

    def refresh(self) -> None:
        """Offer what can be had of this model."""
        wall, model = self._page.wall, self._page.model
        is_run = model is not None and model.is_dir()
        words = self.tr("Show where it looks (Grad-CAM)")
        self.heat.setText(words if is_run else self.tr("{}: an exported file cannot tell").format(words))
        self.heat.setChecked(wall.heat is not None)
        self.heat.setEnabled(wall.heat is not None or (is_run and not wall.full))

    def toggle_heat(self) -> None:
        """Show where the model looks, or no more."""
        wall = self._page.wall
        if wall.heat is not None:
            wall.remove(wall.heat)
        else:
            wall.add(Heat(self._page.session, self._page.viewing, lambda: self._page.model))
        self.refresh()

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
