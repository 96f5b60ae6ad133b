"""One action to a first model: after a scan a probe starts by itself, with time enough to cancel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from finetuner.engine import events
from finetuner.gui.bridge.local import LocalTask
from finetuner.gui.pages.page import NoticeBar
from finetuner.gui.session import Session

if TYPE_CHECKING:
    from finetuner.engine.events import Event, ScanEnded

SECONDS = 5


class FirstModel(QObject):
    """Counts down in the notice bar, then has the session train. `seconds` 0 starts at once.

    Who takes the notice away, or turns to another page, does not want to be carried off by it.
    """

    def __init__(self, session: Session, bar: NoticeBar, seconds: int = SECONDS) -> None:
        super().__init__(bar)
        self.seconds = seconds
        self._session, self._bar = session, bar
        self._left = 0
        self._backbone = self.tr("a probe on the best backbone on this disk")
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tick)
        bar.dismissed.connect(self.cancel)

    @property
    def waiting(self) -> bool:
        """Whether a first model is about to start."""
        return self._clock.isActive()

    def look_up_backbone(self) -> None:
        """Find out, in a thread, which backbone `auto` will be, to say so."""
        self._session.calls.start(lambda: LocalTask(_default_backbone()), self._on_backbone)

    def offer(self, result: ScanEnded) -> None:
        """Begin to count down, if this data set can be learned from and nothing else is training."""
        if len(result.classes) < 2 or self._session.training.running:
            return
        self._left = self.seconds
        self._clock.start()
        self._tell()

    def cancel(self) -> None:
        """Do not start by itself."""
        if self.waiting:
            self._clock.stop()
            self._bar.clear()

    def start(self) -> None:
        """Start now."""
        self.cancel()
        self._session.train(self._session.job.changed(strategy="auto", backbone="auto", weights=None))

    def _on_backbone(self, event: Event) -> None:
        if isinstance(event, events.Notice):
            self._backbone = event.sentence

    def _tick(self) -> None:
        if not self._bar.isVisible():
            return self.cancel()
        self._left -= 1
        if self._left > 0:
            self._tell()
        else:
            self.start()

    def _tell(self) -> None:
        sentence = self.tr("A first model starts in {} s: {}.").format(self._left, self._backbone)
        actions: tuple[tuple[str, Callable[[], object]], ...] = (
            (self.tr("Start now"), self.start),
            (self.tr("Cancel"), self.cancel),
        )
        self._bar.tell(sentence, level="info", actions=actions)


def _default_backbone() -> Iterator[Event]:
    # reading the shelf takes a second: not before the first paint
    from finetuner.engine.backbones.choice import choose
    from finetuner.engine.job import BackbonePart

    entry = choose(BackbonePart()).entry
    words = (
        "a probe on the {} backbone in the box" if entry.bundled else "a probe on {}, whose weights are on this disk"
    )
    yield events.Notice(sentence=words.format(entry.name))
