"""The foot of the rail: something moves there while work runs, and a click leads to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from finetuner.engine import events
from finetuner.gui import theme
from finetuner.gui.session import Session

if TYPE_CHECKING:
    from finetuner.engine.events import Event, Progress


class Activity(QWidget):
    """One line and a thin bar: the run under way, else the scan under way, else nothing."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.words = theme.label("", "small")
        self._bar = QProgressBar(textVisible=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GRID + 2, theme.GRID, theme.GRID + 2, theme.GRID)
        layout.setSpacing(theme.GRID - 2)
        layout.addWidget(self.words)
        layout.addWidget(self._bar)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()
        session.training.happened.connect(self._on_training)
        session.training.changed.connect(self._on_change)
        session.dataset.began.connect(lambda folder: self._show(self.tr("Scanning {}").format(folder.name), 0, 0))
        session.dataset.progressed.connect(self._on_scan)
        for over in (session.dataset.ended, session.dataset.failed, session.dataset.cancelled):
            over.connect(self._on_change)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lead to the work."""
        self._session.go("training" if self._session.training.running else "dataset")
        super().mouseReleaseEvent(event)

    def _on_training(self, event: Event) -> None:
        match event:
            case events.RunStarted():
                self._show(self.tr("Training {}").format(event.backbone), 0, 0)
            case events.BatchEnded():
                self._show(self.tr("Training, epoch {}").format(event.epoch), event.step, event.steps)
            case events.Progress():
                self._show(event.activity, event.done, event.total or 0)
            case events.Paused():
                self.words.setText(self.tr("Paused"))
            case events.RunEnded():
                self.hide()

    def _on_scan(self, progress: Progress) -> None:
        if not self._session.training.running:
            self._show(progress.activity, progress.done, progress.total or 0)

    def _on_change(self) -> None:
        if self._session.training.running:
            self._show(self.tr("Training"), 0, 0)
        else:
            self.hide()

    def _show(self, words: str, done: int, total: int) -> None:
        self.words.setText(words)
        self.setToolTip(words)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._bar.setAccessibleName(words)
        self.show()
