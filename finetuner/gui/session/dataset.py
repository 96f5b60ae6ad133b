"""The data set at hand: where it is, what the scan has found so far, how it is divided."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from finetuner.engine import events
from finetuner.engine.paths import data_dir
from finetuner.gui.bridge.local import LocalTask

if TYPE_CHECKING:
    from finetuner.engine.events import Event, ScanEnded, ScannedImage
    from finetuner.gui.bridge.worker import Worker
    from finetuner.gui.session.session import Session


class Dataset(QObject):
    """One labelled folder or manifest. `images` grows while `scanning`; `result` is there when it has ended.

    Of a large folder `images` are first those that the headers tell of, at the end those that proved usable.
    """

    began = Signal(object)  # the folder, a Path
    found = Signal(object)  # a tuple of ScannedImage
    progressed = Signal(object)  # Progress
    ended = Signal(object)  # ScanEnded
    failed = Signal(object)  # Failed
    cancelled = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.folder: Path | None = None
        self.images: list[ScannedImage] = []
        self.result: ScanEnded | None = None
        self._checked: list[ScannedImage] = []
        self._headers_read = False
        self._worker: Worker | None = None
        self._scan = 0
        self._drawing: int | None = None  # the scan before which the sample was asked for
        self._division: tuple[object, tuple[ScannedImage, ...]] = (None, ())

    @property
    def scanning(self) -> bool:
        """Whether a scan is under way."""
        return self._worker is not None

    @property
    def checking(self) -> bool:
        """Whether all images are known by their headers, and the files still being checked."""
        return self.scanning and self._headers_read and bool(self._checked)

    def open(self, folder: Path) -> None:
        """Scan `folder`; a scan under way is given up. The draft job then speaks of this folder."""
        from finetuner.engine.dataset.corrections import place_for
        from finetuner.engine.requests import ScanRequest

        self.cancel()
        self._scan += 1
        self.folder, self.images, self.result = folder, [], None
        self._checked, self._headers_read = [], False
        corrections = place_for(folder)
        self._session.change_job(data=folder, corrections=corrections if corrections.exists() else None)
        request = ScanRequest(data=folder, val_split=self._session.job.data.val_split, headers_first=True)
        self._worker = self._session.call(request, partial(self._on_event, self._scan))
        self.began.emit(folder)

    def open_sample(self) -> None:
        """Draw the sample data set, unless it is drawn, and open it, unless the user opened another meanwhile."""
        from finetuner.engine.dataset.sample import drawing  # it brings numpy, which the first paint does not need

        if self._drawing is None:
            folder, self._drawing = data_dir() / "sample", self._scan
            self._session.calls.start(lambda: LocalTask(drawing(folder)), self._on_sample, partial(self._drawn, folder))

    def divided(self) -> tuple[ScannedImage, ...]:
        """The images, each in the split it would have with the draft job."""
        from finetuner.engine.dataset.split import assign

        job = self._session.job
        key = (job.data.val_split, job.compute.seed, self._scan, len(self.images), self.result is None)
        if self._division[0] != key:
            self._division = (key, assign(self.images, job.data.val_split, job.compute.seed))
        return self._division[1]

    def cancel(self) -> None:
        """Give up the scan under way, if any."""
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
            self._scan += 1
            self.cancelled.emit()

    def close(self) -> None:
        """Back to no data set at all."""
        self.cancel()
        self.folder, self.images, self.result = None, [], None
        self._session.change_job(data=None, corrections=None)

    def _on_sample(self, event: Event) -> None:
        match event:
            case events.Progress():
                self.progressed.emit(event)
            case events.Failed():
                self._drawing = None
                self.failed.emit(event)

    def _drawn(self, folder: Path) -> None:
        wanted, self._drawing = self._drawing, None
        if wanted == self._scan:
            self.open(folder)

    def _on_event(self, scan: int, event: Event) -> None:
        if scan != self._scan:
            return
        match event:
            case events.ImagesFound():
                self._headers_read = True
                self._find(event.images)
            case events.ImagesScanned():
                self._checked.extend(event.images)
                if not self._headers_read:
                    self._find(event.images)
            case events.Progress():
                self.progressed.emit(event)
            case events.Notice():
                self._session.noticed.emit(event)
            case events.ScanEnded():
                self._end(event)
            case events.Failed():
                self._worker = None
                self.failed.emit(event)

    def _find(self, images: tuple[ScannedImage, ...]) -> None:
        self.images.extend(images)
        self.found.emit(images)

    def _end(self, event: ScanEnded) -> None:
        self._worker = None
        self.images, self._checked, self.result = self._checked, [], event
        if self.folder is not None:
            self._session.change_settings(recent=self._session.settings.with_recent(self.folder).recent)
        self.ended.emit(event)
