"""What the tabs say that need a model, while there is none."""

from pathlib import Path

from PySide6.QtCore import QObject

from finetuner.gui.pages.page import Empty, Vacant
from finetuner.gui.session import Session

_SYMBOL = "explanations"


class Vacancies(QObject):
    """The empty states of the tabs Photos and Concept; each leads to where a model comes from."""

    def __init__(self, session: Session, photos: Vacant, concept: Vacant) -> None:
        super().__init__()
        self._session, self._photos, self._concept = session, photos, concept

    def show(self, run: Path | None, usable: bool) -> None:
        """Show the tabs, or why they are empty: there is no run, or one without its weights."""
        if usable:
            self._photos.show_content()
            self._concept.show_content()
        elif run is None:
            self._show_nothing()
        else:
            self._show_no_model(run)

    def _show_nothing(self) -> None:
        told = (_SYMBOL, self.tr("Nothing to explain yet"))
        leads = (self.tr("Choose photos"), lambda: self._session.go("dataset"))
        photos = self.tr(
            "Train a model first. Here you then see, for any image, which parts of it speak for a class:"
            " the quickest way to find out that a network looks at the background."
        )
        concept = self.tr(
            "Train a model first. Here you then ask whether an idea of yours matters for its classes: stripes, snow,"
            " a hand in the picture. Two folders of images are enough."
        )
        self._photos.show_empty(Empty(*told, photos, *leads))
        self._concept.show_empty(Empty(*told, concept, *leads))

    def _show_no_model(self, run: Path) -> None:
        told = self.tr("The weights of {} are missing, so there is nothing to look into. Choose another run.")
        for tab in (self._photos, self._concept):
            tab.show_empty(Empty(
                _SYMBOL, self.tr("This run has no model"), told.format(run.name), self.tr("Choose a run"),
                lambda: self._session.go("runs"),
            ))  # fmt: skip
