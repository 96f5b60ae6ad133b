"""The bench on which pictures are made: one at a time, the quickest first; what was made is kept."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTemporaryDir, Signal

from finetuner.engine.events import Event, Explained, Failed, Judged, Notice, Progress
from finetuner.engine.requests import ExplainRequest, JudgeRequest, Request
from finetuner.gui.bridge.worker import Worker
from finetuner.gui.pages.explanations.wish import Finding, Wish, draws_map, passes
from finetuner.gui.session import Session


class Bench(QObject):
    """`want(wishes)` says what is in sight; each `changed(wish)` tells of one. First all pictures, then the verdicts.

    What is no longer wanted is left where it is. A wish that was answered is never asked again.
    """

    changed = Signal(object)
    rested = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.cancelled = False
        self.progress: Progress | None = None
        self._session = session
        self._folder = QTemporaryDir()
        self._found: dict[Wish, Finding] = {}
        self._wanted: list[Wish] = []
        self._at_hand: Wish | None = None
        self._worker: Worker | None = None
        self._before = Finding()
        self._left = False
        self._count = 0
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.cancel)

    @property
    def at_hand(self) -> Wish | None:
        """What is being worked on."""
        return self._at_hand

    @property
    def busy(self) -> bool:
        """Whether anything is being made."""
        return self._worker is not None

    @property
    def tally(self) -> tuple[int, int, int]:
        """How many of the wanted pictures are settled, how many there are, and how many maps wait for a verdict."""
        known = [self.finding(wish) for wish in self._wanted]
        return sum(one.settled for one in known), len(known), sum(one.to_be_judged for one in known)

    def finding(self, wish: Wish) -> Finding:
        """What is known of a wish."""
        return self._found.get(wish, Finding())

    def want(self, wishes: Sequence[Wish]) -> None:
        """Make these, and leave all others. What was refused is tried again once it comes back into sight."""
        for wish in set(wishes) - set(self._wanted):
            if self.finding(wish).refusal:
                del self._found[wish]
        self._wanted, self.cancelled = list(dict.fromkeys(wishes)), False
        if self._worker is not None and self._at_hand not in self._wanted:
            self._left = True
            self._worker.stop()
        self._go_on()

    def cancel(self) -> None:
        """Make no more; what is there stays."""
        self.cancelled = True
        if self._worker is not None:
            self._worker.stop()

    def _go_on(self) -> None:
        if self._worker is not None or self.cancelled:
            return
        self._at_hand = self._next()
        if self._at_hand is None:
            self.rested.emit()
            return
        finding = self.finding(self._at_hand)
        request = self._judging(self._at_hand, finding) if finding.settled else self._explaining(self._at_hand)
        self.progress, self._left = None, False
        self._before = self.finding(self._at_hand)
        self._worker = self._session.call(request, partial(self._on_event, self._at_hand), self._on_end)
        self.changed.emit(self._at_hand)

    def _next(self) -> Wish | None:
        """The quickest picture that is missing, else the map that can be judged soonest."""
        known = [(wish, self.finding(wish)) for wish in self._wanted]
        missing = [wish for wish, finding in known if not finding.settled]
        waiting = missing or [wish for wish, finding in known if finding.to_be_judged]
        return min(waiting, key=lambda wish: passes(wish.method), default=None)

    def _explaining(self, wish: Wish) -> ExplainRequest:
        self._count += 1
        place = Path(self._folder.filePath(f"{self._count}"))
        kept = place / "map.safetensors" if draws_map(wish.method) else None
        self._found[wish] = Finding(map=kept)
        return ExplainRequest(
            run=wish.run, image=wish.image, method=wish.method, label=wish.label, layer=wish.layer, map=kept,
            out=place / f"{wish.image.stem}.{wish.method}.png",
        )  # fmt: skip

    def _judging(self, wish: Wish, finding: Finding) -> Request:
        assert finding.explained is not None
        assert finding.map is not None
        label, layer = finding.explained.label, finding.explained.layer
        return JudgeRequest(
            run=wish.run, image=wish.image, method=wish.method, label=label, layer=layer, map=finding.map
        )

    def _on_event(self, wish: Wish, event: Event) -> None:
        finding = self.finding(wish)
        match event:
            case Progress():
                self.progress = event
            case Notice() if not event.next_step:
                self._found[wish] = replace(finding, doubt=event.sentence)
            case Explained():
                self._found[wish] = replace(finding, explained=event)
            case Judged():
                self._found[wish] = replace(finding, trust=event.trust)
            case Failed():
                self._found[wish] = finding.with_refusal(f"{event.sentence} {event.next_step}".strip())
        self.changed.emit(wish)

    def _on_end(self) -> None:
        worker, wish = self._worker, self._at_hand
        self._worker, self._at_hand, self.progress = None, None, None
        assert worker is not None
        assert wish is not None
        self.cancelled |= worker.stopped and not self._left  # the window closes
        if not worker.stopped and self.finding(wish) == self._before:
            self._found[wish] = self._before.with_refusal(self.tr("The engine ended without an answer."))
        self.changed.emit(wish)
        if self.cancelled:
            self.rested.emit()
        self._go_on()
