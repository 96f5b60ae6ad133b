"""Questions about the run in sight that take a while: of each kind one at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from finetuner.engine import events
from finetuner.engine.requests import EmbedRequest, EvaluateRequest, RobustnessRequest, UnknownRequest

if TYPE_CHECKING:
    from finetuner.engine.events import Event
    from finetuner.engine.requests import Request
    from finetuner.gui.bridge.worker import Worker
    from finetuner.gui.pages.results.page import ResultsPage


class Asking(QObject):
    """What the Results page asks of the engine. Whoever opens another run waits for none of the answers any more."""

    def __init__(self, page: ResultsPage) -> None:
        super().__init__(page)
        self._page = page
        self._workers: dict[type[Request], Worker] = {}
        page.map.wanted.connect(self.draw_map)
        page.robustness.wanted.connect(self.measure_robustness)
        page.unknown.wanted.connect(self.learn_unknown)

    def score(self, folder: Path) -> None:
        """Score the run on another labelled folder."""
        self._page.notice.clear()
        self._ask(self.tr("Reading {}").format(folder.name), partial(EvaluateRequest, data=folder))

    def measure_robustness(self) -> None:
        """Disturb the validation images in every way of the menu."""
        self._ask(self.tr("Disturbing the images"), RobustnessRequest)

    def learn_unknown(self, against: Path | None) -> None:
        """Learn what is unknown to the run, and try images of other kinds."""
        self._ask(self.tr("Telling known from unknown"), partial(UnknownRequest, against=against))

    def draw_map(self) -> None:
        """Put the run's images on a plane."""
        self._ask(self.tr("Drawing the map"), EmbedRequest)

    def forget(self) -> None:
        """Another run is shown."""
        for worker in self._workers.values():
            worker.stop()

    def _ask(self, activity: str, request: Callable[..., Request]) -> None:
        run = self._page.session.run
        if run is None:
            return
        asked = request(run=run)
        if type(asked) not in self._workers:
            self._page.progress.show_progress(activity)
            handle, end = partial(self._on_event, run), partial(self._on_end, type(asked))
            self._workers[type(asked)] = self._page.call(asked, handle, end)

    def _on_event(self, run: Path, event: Event) -> None:
        if run != self._page.session.run:
            return
        match event:
            case events.Embedded():
                self._page.map.show_map(event)
            case events.RobustnessMeasured():
                self._page.robustness.show_measured(event)
            case events.UnknownMeasured():
                self._page.unknown.show_run(run)
            case events.EvaluationEnded():
                self._page.show_scored(event)
            case events.Progress():
                left = event.rate, event.seconds_left, self.tr("images")
                self._page.progress.show_progress(event.activity, event.done, event.total, *left)

    def _on_end(self, kind: type[Request]) -> None:
        self._workers.pop(kind, None)
        self._page.progress.finish()
