"""Live prediction in a worker thread: the window puts frames, the newest is answered, the rest are dropped.

An .onnx runs in onnxruntime in this process and needs no torch.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from finetuner.engine.events import Event
from finetuner.engine.prediction.predictor import Pixels, Predictor
from finetuner.engine.prediction.steadiness import SteadinessPart
from finetuner.engine.prediction.stream import Arrived, LatestFrame, LiveAnswer, live


class ModelOpened(Event):
    """The model is ready for frames."""

    kind: Literal["model-opened"] = "model-opened"
    name: str
    classes: tuple[str, ...]


class Answered(Event):
    """The newest frame's answer, and the frame: uint8 H x W x 3, RGB."""

    kind: Literal["answered"] = "answered"
    answer: LiveAnswer
    pixels: Any


class LiveTask:
    """Opens the model in the thread that walks it, then answers until it is stopped."""

    def __init__(self, open_model: Callable[[], Predictor], steadiness: SteadinessPart) -> None:
        self._open_model, self._steadiness = open_model, steadiness
        self._frames: LatestFrame[Arrived] = LatestFrame()
        self._last: Arrived | None = None
        self._next: Predictor | None = None
        self.newest: Event | None = None
        """What the walk has told last: a window that was held up need not look at what came before."""

    def put(self, frame: Pixels, arrived: float) -> None:
        """Offer a frame that came at `arrived` (time.monotonic); never waits."""
        self._last = Arrived(frame, arrived)
        self._frames.put(self._last)

    def use(self, predictor: Predictor) -> None:
        """Answer with another model, from the frame after the one at hand on; the newest is answered again."""
        self._next = predictor
        if self._last is not None:
            self._frames.put(self._last)

    def stop(self) -> None:
        """No more frames; the one at hand is answered, then the walk ends."""
        self._frames.close()

    def leave(self) -> None:
        """Nothing here outlives its listener."""
        self.stop()

    def __iter__(self) -> Iterator[Event]:
        predictor: Predictor | None = self._open_model()
        while predictor is not None:
            predictor = self._taken() or predictor
            yield ModelOpened(name=predictor.name, classes=predictor.classes)
            yield from self._answers(predictor)
            predictor = self._taken()

    def _answers(self, predictor: Predictor) -> Iterator[Event]:
        """Until no more frames come, or there is another model; averages do not reach over from one to the next."""
        for pixels, answer in live(predictor, self._frames, self._steadiness):
            if self._next is not None:
                if self._last is not None:
                    self._frames.put(self._last)
                return
            self.newest = Answered(answer=answer, pixels=pixels)
            yield self.newest

    def _taken(self) -> Predictor | None:
        taken, self._next = self._next, None
        return taken
