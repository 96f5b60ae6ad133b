"""At the start: a run that went on without the window is followed, one that was interrupted is offered to resume."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from finetuner.gui.pages.page import Page
from finetuner.gui.session import Session

if TYPE_CHECKING:
    from finetuner.engine.run_store.runs import RunInfo


class Comeback(QObject):
    """Looks once at the runs there are, and speaks on `page`."""

    def __init__(self, session: Session, page: Page) -> None:
        super().__init__(page)
        self._session, self._page = session, page
        session.runs.listed.connect(self._on_listed)
        session.runs.refresh()

    def _on_listed(self, runs: Sequence[RunInfo]) -> None:
        self._session.runs.listed.disconnect(self._on_listed)
        if self._session.training.running:
            return
        for run in runs:
            if run.status == "running":
                return self._follow(run)
        if runs and runs[0].status == "interrupted":
            self._offer(runs[0])

    def _follow(self, run: RunInfo) -> None:
        self._session.runs.follow(run.path)
        self._page.tell(
            self.tr("{} went on training meanwhile.").format(run.name),
            level="info",
            actions=((self.tr("Watch"), partial(self._session.go, "training")),),
        )

    def _offer(self, run: RunInfo) -> None:
        where = self.tr("at epoch {}").format(run.epochs_done) if run.epochs_done else self.tr("before its first epoch")
        sentence = self.tr("{} was interrupted {}.").format(run.name, where)
        resume, discard = partial(self._resume, run.path), partial(self._discard, run.path)
        actions = ((self.tr("Resume"), resume), (self.tr("Discard"), discard))
        self._page.tell(sentence, level="warning", actions=actions)
        self._session.training.changed.connect(lambda: self._withdraw(sentence))

    def _withdraw(self, offer: str) -> None:
        """A run is under way: the offer of another, if it still stands, is none any more."""
        if self._session.training.running and self._page.notice.text == offer:
            self._page.notice.clear()

    def _resume(self, run: Path) -> None:
        self._page.notice.clear()
        self._session.training.resume(run)
        self._session.go("training")

    def _discard(self, run: Path) -> None:
        self._page.notice.clear()
        if sentence := self._session.runs.discard(run):
            self._page.tell(sentence)
