"""Runs written as .onnx for the page, each once, whoever waits for it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from finetuner.engine.requests import ExportRequest
from finetuner.gui.bridge.worker import Worker
from finetuner.gui.session import Session


class Exports(QObject):
    """`want(run, file)`; `happened(file, event)` carries Progress, Exported, Failed."""

    happened = Signal(object, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._under_way: dict[Path, Worker] = {}

    def want(self, run: Path, file: Path) -> None:
        """Unless it is being written already, have the run's file written. It goes on when nobody waits any more."""
        if file not in self._under_way:
            request = ExportRequest(run=run, format="onnx", out=file)
            tell, forget = partial(self.happened.emit, file), partial(self._under_way.pop, file)
            self._under_way[file] = self._session.call(request, tell, forget)
