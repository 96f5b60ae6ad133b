"""What is rarely wanted of the page, in a menu of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from finetuner.engine.prediction.steadiness import SteadinessPart
from finetuner.gui import theme
from finetuner.gui.pages.live.camera_sizes import CameraSizes
from finetuner.gui.pages.live.heat import Heat
from finetuner.gui.pages.live.kept import keep
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
        self.rivals = self.addMenu(self.tr("Compare with another model"))
        self.rivals.aboutToShow.connect(self.offer_models)
        self.heat = self.addAction(self.tr("Show where it looks (Grad-CAM)"), self.toggle_heat)
        self.heat.setCheckable(True)
        self.sizes = CameraSizes(page, self)
        self.addMenu(self.sizes)
        self.addAction(self.tr("Actions on a label…"), self.ask_for_actions)
        self.addAction(self.tr("Steady answers…"), self.ask_for_steadiness)

    def look_at_too(self, source: Source) -> None:
        """Show this source beside those in sight, answered by the same model."""
        self._page.wall.add(Pane(source, self._page.new_answerer(), lambda: self._page.model))

    def offer_sources(self) -> None:
        """List the sources that are not in sight; with four in sight, none can be had."""
        self.beside.clear()
        things, wall = self._page.setup.source.things, self._page.wall
        seen = [self._page.source, *(pane.source for pane in wall.panes)]
        for words, source in cast(list[tuple[str, Source]], things):
            action = self.beside.addAction(theme.plain(words), partial(self.look_at_too, source))
            action.setEnabled(source not in seen and not wall.full)
        if all(source in seen for _, source in things):
            self.beside.addAction(self.tr("Open another one first, under Source")).setEnabled(False)

    def refresh(self) -> None:
        """Offer what can be had of this model, and look for other runs."""
        self._page.session.runs.refresh()
        self.sizes.refresh()
        wall, model = self._page.wall, self._page.model
        is_run = model is not None and model.is_dir()
        words = self.tr("Show where it looks (Grad-CAM)")
        self.heat.setText(words if is_run else self.tr("{}: an exported file cannot tell").format(words))
        self.heat.setChecked(wall.heat is not None)
        self.heat.setEnabled(wall.heat is not None or (is_run and not wall.full))

    def offer_models(self) -> None:
        """List the opened models and the finished runs, but for the one in use; and a way to open a file."""
        self.rivals.clear()
        setup, session = self._page.setup, self._page.session
        done = [info for info in session.runs.infos if info.status == "done"]
        runs = [(self.tr("The run {}").format(info.name), info.path) for info in done]
        known = {model: words for words, model in (*runs, *setup.model.things) if model != self._page.model}
        for model, words in cast(dict[Path, str], known).items():
            self.rivals.addAction(theme.plain(words), partial(self._page.rival.set_model, model))
        if known:
            self.rivals.addSeparator()
        self.rivals.addAction(self.tr("Exported model (.onnx)…"), self.ask_for_rival)
        if self._page.rival.model is not None:
            self.rivals.addAction(self.tr("None"), partial(self._page.rival.set_model, None))

    def ask_for_rival(self) -> None:
        """Ask for an exported model to answer beside the first."""
        kinds = self.tr("Models (*.onnx)")
        name, _ = QFileDialog.getOpenFileName(self._page, self.tr("Choose a model"), str(Path.home()), kinds)
        if name:
            self._page.rival.set_model(Path(name))

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
        return self._opened(
            OptionsDialog(
                self.tr("Steady answers"),
                self.tr("How far answers to moving pictures are averaged, and when another class takes over."),
                self._page.answerer.steadiness,
                self._page,
            ),
            self._on_steadiness,
        )

    def ask_for_actions(self) -> OptionsDialog:
        """Open the options of what happens when a label is shown; what is changed there holds at once."""
        return self._opened(
            OptionsDialog(
                self.tr("Actions on a label"),
                self.tr("What happens when a class is shown. Nothing does until you fill in one of the last four."),
                self._page.actor.options,
                self._page,
            ),
            self._page.actor.set_options,
        )

    def _opened(self, dialog: OptionsDialog, use: Callable[[Any], None]) -> OptionsDialog:
        dialog.changed.connect(use)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
        return dialog

    def _on_steadiness(self, steadiness: SteadinessPart) -> None:
        keep(self._page.session, "steadiness", steadiness)
        self._page.answerer.steadiness = steadiness
        if self._page.running:
            self._page.start()
