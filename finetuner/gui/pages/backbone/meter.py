"""Times backbones in the background: one after the other, while the page is in sight and nothing else works."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from finetuner.engine.events import BackboneRow, Event, SpeedMeasured
from finetuner.engine.requests import SpeedRequest
from finetuner.gui.bridge.worker import Worker
from finetuner.gui.session import Session

# long enough that the page has been painted and a click has been followed by the next
QUIET_MS = 1_200
# beyond these, one network would keep an ordinary machine busy for minutes, or fill its memory
MOST_GMACS, MOST_PARAMETERS = 60.0, 150_000_000


class SpeedMeter(QObject):
    """`want` says what to time; `measured` carries a SpeedMeasured. Any other call makes it stop and wait.

    `wanted` are the names that are still to be timed, in this order.
    """

    measured = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.wanted: list[str] = []
        self._timing = ""
        self._worker: Worker | None = None
        self._stopped = False
        self._awake = False
        self.quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self.quiet.timeout.connect(self.begin)
        session.calls.changed.connect(self._look_around)

    def want(self, rows: Iterable[BackboneRow], first: bool = False) -> None:
        """Time these, unless it is known or would take too long; `first`: before all others."""
        names = [row.name for row in rows if worth_timing(row)]
        kept = [name for name in self.wanted if name not in names]
        fresh = names if first else [name for name in names if name not in self.wanted]
        self.wanted = [*names, *kept] if first else [*self.wanted, *fresh]
        self._look_around()

    def wake(self) -> None:
        """The page is in sight."""
        self._awake = True
        self._look_around()

    def rest(self) -> None:
        """The page is out of sight: stop at once, and remember what is still wanted."""
        self._awake = False
        self._look_around()

    def begin(self) -> None:
        """Time the next one."""
        if self._may_work() and self._worker is None and self.wanted:
            self._timing, self._stopped = self.wanted[0], False
            request = SpeedRequest(backbones=(self._timing,), device=self._session.job.compute.device)
            self._worker = self._session.call(request, self._on_event, self._on_end)

    def _look_around(self) -> None:
        if not self._may_work():
            self.quiet.stop()
            self._stop()
        elif self.wanted and self._worker is None:
            self.quiet.start()

    def _may_work(self) -> bool:
        return self._awake and not self._session.calls.busy_besides(self._worker)

    def _stop(self) -> None:
        if self._worker is not None and not self._stopped:
            self._stopped = True
            self._worker.stop()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, SpeedMeasured):
            self.measured.emit(event)

    def _on_end(self) -> None:
        """What was not stopped is done with, also where it could not be timed."""
        if not self._stopped:
            self.wanted = [name for name in self.wanted if name != self._timing]
        self._worker = None


def worth_timing(row: BackboneRow) -> bool:
    """Not yet timed, and done within seconds."""
    return row.milliseconds is None and (row.gmacs or 0) <= MOST_GMACS and row.parameters <= MOST_PARAMETERS
