"""Live prediction: the latest frame wins, answers are smoothed and held over time, speed is measured.

Nothing here knows where frames come from or which thread it runs in; time comes from a monotonic clock.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from finetuner.engine.evaluation.tables import ranked
from finetuner.engine.prediction.predictor import Pixels, Predictor
from finetuner.engine.prediction.steadiness import Hysteresis, SteadinessPart

Frame = TypeVar("Frame")
Clock = Callable[[], float]
State = Literal["answered", "unsure", "unknown"]
"""`unsure`: the best class is below its threshold. `unknown`: the image is like none of the classes."""


class LatestFrame(Generic[Frame]):
    """A slot for one frame. Putting never waits and replaces what was not taken: a slow model never lags."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._closed = False
        self.dropped = 0

    def put(self, frame: Frame) -> None:
        """Offer a frame; one that nobody took yet is dropped and counted."""
        with self._changed:
            self.dropped += self._frame is not None
            self._frame = frame
            self._changed.notify()

    def close(self) -> None:
        """No more frames: whoever waits goes home, and what was not taken is forgotten."""
        with self._changed:
            self._closed, self._frame = True, None
            self._changed.notify_all()

    def __iter__(self) -> Iterator[Frame]:
        """Take frames until closed, waiting for each."""
        while (frame := self._take()) is not None:
            yield frame

    def _take(self) -> Frame | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._frame is not None)
            frame, self._frame = self._frame, None
            return frame


class Arrived(NamedTuple):
    """A frame, and when it came from its source, by the clock that `live` goes by."""

    pixels: Pixels
    at: float


class Smoother:
    """Exponential smoothing of C probabilities: after `seconds`, a change has arrived to 63 %. 0: none.

    The weight of a new answer depends on the time since the last one, so a slow model is not smoothed more.
    """

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._state: NDArray[np.float64] | None = None
        self._last = 0.0

    def add(self, probabilities: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Return the smoothed probabilities, C."""
        now, new = self._clock(), probabilities.astype(np.float64)
        if self._state is None or self.seconds <= 0:
            self._state = new
        else:
            self._state = self._state + (1 - math.exp((self._last - now) / self.seconds)) * (new - self._state)
        self._last = now
        return self._state

    def forget(self) -> None:
        """Start anew, as when another source is chosen."""
        self._state = None


class Meter:
    """Frames per second over the last two seconds, and the median milliseconds per frame."""

    def __init__(self, clock: Clock = time.monotonic, window: float = 2.0) -> None:
        self._clock = clock
        self._window = window
        self._ends: deque[tuple[float, float]] = deque()

    def add(self, seconds: float) -> None:
        """A frame was answered now and took `seconds`."""
        now = self._clock()
        self._ends.append((now, seconds))
        while self._ends[0][0] < now - self._window:
            self._ends.popleft()

    @property
    def frames_per_second(self) -> float:
        """0 until there are two frames."""
        if len(self._ends) < 2:
            return 0.0
        passed = self._ends[-1][0] - self._ends[0][0]
        return (len(self._ends) - 1) / passed if passed > 0 else 0.0

    @property
    def milliseconds(self) -> float:
        """0 until there is a frame."""
        return float(np.median([seconds for _, seconds in self._ends])) * 1000 if self._ends else 0.0


@dataclass(frozen=True)
class LiveAnswer:
    """The answer to one frame: the likeliest classes, how fast things go, and when its frame arrived.

    `top`: the class that stands comes first, then the likeliest others; all smoothed.
    `state`: whether it is below its threshold (unsure), or the frame unlike all that the model learned (unknown).
    `behind`: how many seconds ago its frame came, where that is too long to pass for what is seen now.
    """

    top: tuple[tuple[str, float], ...]
    frames_per_second: float
    milliseconds: float
    dropped: int
    arrived: float
    state: State = "answered"
    behind: float = 0.0

    @property
    def label(self) -> str:
        """The class that stands, whether it is an answer or not."""
        return self.top[0][0]

    @property
    def probability(self) -> float:
        """How likely it is, smoothed."""
        return self.top[0][1]

    @property
    def unsure(self) -> bool:
        """Whether it is below its threshold."""
        return self.state == "unsure"


def live(
    predictor: Predictor,
    frames: LatestFrame[Arrived],
    steadiness: SteadinessPart = SteadinessPart(),
    top: int = 3,
    clock: Clock = time.monotonic,
) -> Iterator[tuple[Pixels, LiveAnswer]]:
    """Answer the newest frame again and again until the slot is closed. Yields the frame with its answer.

    With frames that come at least as often as they can be answered, none is older than two answers take: it waits for
    the one before it, and then for its own.
    """
    smoother, strangeness = (Smoother(steadiness.smoothing, clock) for _ in range(2))
    meter, hysteresis = Meter(clock), Hysteresis(steadiness.lead, steadiness.hold, clock)
    for frame in frames:
        start = clock()
        told = predictor.answer([frame.pixels])
        shares = smoother.add(told.probabilities[0])
        score = None if told.unknown is None else float(strangeness.add(told.unknown)[0])
        meter.add(clock() - start)
        best = standing_first(shares, hysteresis.choose(shares), predictor.classes, top)
        speed = meter.frames_per_second, meter.milliseconds
        yield frame.pixels, LiveAnswer(best, *speed, frames.dropped, frame.at, state_of(predictor, best[0], score))


def state_of(predictor: Predictor, best: tuple[str, float], score: float | None) -> State:
    """Whether the likeliest class and its probability are an answer; `score`: how strange the frame is, if known."""
    if predictor.cut is not None and score is not None and predictor.cut.unknown(score):
        return "unknown"
    return "unsure" if predictor.thresholds.unsure(*best) else "answered"


def standing_first(
    shares: NDArray[np.floating[Any]], standing: int, classes: Sequence[str], top: int
) -> tuple[tuple[str, float], ...]:
    """The class that stands, then the `top` - 1 likeliest others."""
    name = classes[standing]
    others = [pair for pair in ranked(shares, classes, top + 1) if pair[0] != name]
    return ((name, float(shares[standing])), *others[: top - 1])
