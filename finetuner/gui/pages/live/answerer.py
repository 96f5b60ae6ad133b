"""The model behind the page, in its thread.

A run is exported to .onnx once, quietly and verified, into the cache; from then on it is answered like any .onnx file:
by onnxruntime in a worker thread of the window's process. That is one way to answer instead of two, it needs no torch
here, no frames travel through a pipe, and live shows exactly what the exported file will do.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from finetuner.engine.events import Event, Exported
from finetuner.engine.paths import cache_dir
from finetuner.engine.prediction.freshness import Freshness
from finetuner.engine.prediction.onnx_predictor import OnnxPredictor
from finetuner.engine.prediction.predictor import Pixels, Predictor
from finetuner.engine.prediction.steadiness import STILL, SteadinessPart
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.engine.run_store.unknown import NUMBERS, Unknown
from finetuner.gui.bridge.live import Answered, LiveTask
from finetuner.gui.bridge.worker import Worker
from finetuner.gui.pages.live.exports import Exports
from finetuner.gui.pages.live.kept import kept
from finetuner.gui.session import Session

QUIET_MS = 250
"""After so long without another frame a stream rests: a late answer to its last frame is the best there will be."""


class Answerer(QObject):
    """`use(model)`, then `put(frame)`; `happened` carries Progress, ModelOpened, Answered, Failed.

    Who shows an `Answered` asks `allows(event)` first. One that is refused comes again, with how late it is, where the
    last fresh one was long ago, and as it is, where no frame came after it.
    """

    happened = Signal(object)
    told = Signal(object)
    """Every `Answered`, also one that comes too late to be shown."""

    def __init__(
        self,
        session: Session,
        exports: Exports,
        open_model: Callable[[Path], Predictor] = OnnxPredictor,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._exports, self._open_model = session, exports, open_model
        self.steadiness = kept(session, "steadiness", SteadinessPart)
        """For moving pictures, from the next `use` on."""
        self._steadiness = STILL
        self._fresh: Freshness | None = None
        self._wanted: Path | None = None
        self._run: Path | None = None
        self._newest: tuple[Pixels, float] | None = None
        self._task: LiveTask | None = None
        self._worker: Worker | None = None
        self._late: Answered | None = None
        self._anyway: Answered | None = None
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._tell_late)
        exports.happened.connect(self._on_export)

    def use(self, model: Path | None, still: bool) -> None:
        """Answer with a run or an .onnx from now on; answers to moving pictures are held steady.

        Without a model nothing is answered until `exchange` brings one.
        """
        self.stop()
        self._steadiness = STILL if still else self.steadiness
        self._fresh = None if still else Freshness()
        if model is None:
            return
        self._run = model if model.is_dir() else None
        self._wanted = cached(model) if model.is_dir() else model
        if model.is_dir() and not self._wanted.exists():
            self._exports.want(model, self._wanted)
        else:
            self._open(self._wanted)

    def exchange(self, predictor: Predictor) -> None:
        """Answer with a model that is open already, from the next frame on: nothing stops, nothing is waited for."""
        self._wanted = None
        if self._task is None:
            self._begin(LiveTask(lambda: predictor, self._steadiness))
        else:
            self._task.use(predictor)

    def put(self, frame: Pixels, arrived: float) -> None:
        """Offer a frame that came at `arrived`. Without an open model the newest is kept until there is one."""
        self._newest = (frame, arrived)
        if self._task is not None:
            self._task.put(frame, arrived)

    def allows(self, event: Answered) -> bool:
        """For who shows it, when all is ready to be put on the screen: whether it still speaks of what is seen."""
        if event is self._anyway:
            return True
        late = self._fresh is not None and not self._fresh.allows(event.answer)
        self._late = event if late else None
        self._quiet.start() if late else self._quiet.stop()
        return not late

    def stop(self) -> None:
        """Answer no more; returns at once, the thread ends after the frame at hand. An export goes on: it is kept."""
        worker, self._worker, self._task = self._worker, None, None
        self._wanted = self._newest = self._late = self._anyway = None
        self._quiet.stop()
        if worker is not None:
            worker.stop()

    def _on_export(self, file: Path, event: Event) -> None:
        if file != self._wanted:
            return
        if isinstance(event, Exported):
            self._open(file)
        else:
            self.happened.emit(event)

    def _open(self, file: Path) -> None:
        self._begin(LiveTask(partial(self._opened, file, self._run), self._steadiness))

    def _begin(self, task: LiveTask) -> None:
        self._task = task
        if self._newest is not None:
            task.put(*self._newest)
        self._worker = self._session.calls.start(lambda: task, partial(self._on_answer, task))

    def _opened(self, file: Path, run: Path | None) -> Predictor:
        """Called in the thread that answers. A run's thresholds are those of its folder: set after it was exported.

        So is the share of known images that pass.
        """
        predictor = self._open_model(file)
        if run is not None:
            predictor.thresholds = Thresholds.load(run).checked(predictor.classes)
            unknown = Unknown.load(run)
            predictor.cut = unknown.cut if unknown and predictor.cut else None
        return predictor

    def _on_answer(self, task: LiveTask, event: Event) -> None:
        if task is not self._task:
            return
        if isinstance(event, Answered):
            self.told.emit(event)
            if event is not task.newest:
                return
        self.happened.emit(event)
        if self._fresh is not None and self._late is event and (behind := self._fresh.behind(event.answer)):
            self._tell_anyway(Answered(answer=replace(event.answer, behind=behind), pixels=event.pixels))

    def _tell_late(self) -> None:
        """There is no next one: a paused video has its answer too."""
        late, self._late = self._late, None
        if late is not None and self._newest is not None and self._newest[1] == late.answer.arrived:
            self._tell_anyway(late)

    def _tell_anyway(self, event: Answered) -> None:
        self._anyway = event
        self.happened.emit(event)


def cached(run: Path) -> Path:
    """Where a run's .onnx is kept: another name for each state of its best model, and of what is unknown to it."""
    parts = (run / "best" / "model.safetensors", run / NUMBERS)
    state = [part.stat().st_mtime_ns if part.is_file() else 0 for part in parts]
    digest = hashlib.sha256(f"{run.absolute()}\n{state}".encode("utf-8", "surrogateescape")).hexdigest()
    return cache_dir() / "live" / f"{run.name}-{digest[:12]}.onnx"
