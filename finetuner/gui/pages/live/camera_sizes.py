"""How large the camera's pictures are: by itself the smallest that suffices, or one of those the camera offers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from finetuner.frame_sources.camera_hardware import Format
    from finetuner.gui.pages.live.page import LivePage


class CameraSizes(QMenu):
    """The formats of the camera in use. Each camera has its own choice, there again at the next start."""

    def __init__(self, page: LivePage, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = page
        self.setTitle(self.tr("Size of the camera's pictures"))
        page.sources.wanted = dict(page.session.settings.cameras)
        self.refresh()

    def refresh(self) -> None:
        """Offer what the camera has; nothing else lets choose."""
        self.clear()
        source = self._page.source
        self.menuAction().setEnabled(source is not None and bool(source.formats))
        if source is None:
            return
        wanted = self._page.sources.wanted.get(source.key, "")
        offered = [("", self.tr("Automatic: the smallest that suffices"))]
        offered += [(str(form), self._in_words(form)) for form in reversed(source.formats)]
        for name, words in offered:
            action = self.addAction(words, partial(self.choose, name))
            action.setCheckable(True)
            action.setChecked(name == wanted)

    def choose(self, form: str) -> None:
        """Open the camera in this format from now on; none: it is chosen by itself."""
        source, sources = self._page.source, self._page.sources
        if source is None:
            return
        others = {key: kept for key, kept in sources.wanted.items() if key != source.key}
        sources.wanted = {**others, source.key: form} if form else others
        self._page.session.change_settings(cameras=sources.wanted)
        if self._page.running:
            self._page.start()

    def _in_words(self, form: Format) -> str:
        return self.tr("{} × {}, {:g} a second").format(form.width, form.height, form.rate)
