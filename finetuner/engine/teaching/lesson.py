"""The captured set in memory: what is kept, and what the network sees in it, computed once for each frame."""

import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.unreadable import UnreadableImage
from finetuner.engine.prediction.predictor import Pixels, Shares
from finetuner.engine.teaching.captured import CapturedSet, Frame
from finetuner.engine.teaching.head import Features
from finetuner.engine.teaching.rows import Rows
from finetuner.engine.teaching.settings import MOST_OF_CLASS, QUALITY, SHORT_SIDE
from finetuner.engine.teaching.thinning import Thinning, look_of

Known = TypeVar("Known")


@dataclass(frozen=True)
class Removed:
    """A class that was removed: its name, which place it had, what was known of its frames."""

    label: str
    place: int
    features: dict[Frame, Shares]
    waiting: dict[Frame, Pixels | None]


class Lesson:
    """`capture` keeps a frame, `learn` computes features of one that has none, `rows` are what a head learns from.

    Features are those of the file, not of the camera's frame: a set that is opened again gives the same.
    """

    def __init__(self, captured: CapturedSet) -> None:
        self.captured = captured
        self._features: dict[Frame, Shares] = {}
        self._waiting: dict[Frame, Pixels | None] = dict.fromkeys(captured.frames())
        self._thinning = Thinning()
        self._numbers: Counter[str] = Counter()
        self._removed: dict[str, Removed] = {}
        captured.forget_removed()

    @property
    def frames(self) -> list[Frame]:
        """All that is kept, in the order in which it came."""
        return [*self._features, *self._waiting]

    @property
    def unlearned(self) -> int:
        """Frames whose features are still to be computed."""
        return len(self._waiting)

    def is_full(self, label: str) -> bool:
        """Whether a class has as many frames as are kept of one."""
        return sum(frame.label == label for frame in self.frames) >= MOST_OF_CLASS

    def capture(self, pixels: Pixels, label: str, burst: str) -> Frame | None:
        """Keep a frame of `burst`; None for one that shows nothing new. Raises FinetunerError when the disk refuses."""
        image = _bounded(Image.fromarray(pixels))
        look = look_of(image)
        if self.is_full(label) or not self._thinning.is_new(look, label):
            return None
        content = _jpeg(image)
        frame = self.captured.keep(label, burst, self._numbers[burst], content)
        self._numbers[burst] += 1
        self._thinning.remember(look, label, str(frame.path))
        self._waiting[frame] = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
        return frame

    def learn(self, network: Features) -> Frame | None:
        """Compute the features of the next frame; None when there is none. One that cannot be read is left out."""
        if not self._waiting:
            return None
        frame, pixels = next(iter(self._waiting.items()))
        del self._waiting[frame]
        try:
            seen = self._read(frame) if pixels is None else pixels
            self._features[frame] = network.features([seen])[0]
        except UnreadableImage:
            pass
        return frame

    def forget_burst(self, burst: str) -> list[Frame]:
        """Take a burst back; its frames. Raises FinetunerError when the disk refuses."""
        gone = [frame for frame in self.frames if frame.burst == burst]
        self.captured.forget(gone)
        for frame in gone:
            self._features.pop(frame, None)
            self._waiting.pop(frame, None)
            self._thinning.forget(frame.label, str(frame.path))
        return gone

    def rename(self, old: str, text: str) -> str:
        """Give a class another name; the name as it was accepted. Raises FinetunerError."""
        name = self.captured.rename_class(old, text)
        moved = {frame: _moved(frame, old, name) for frame in self.frames}
        self._features = {moved[frame]: row for frame, row in self._features.items()}
        self._waiting = {moved[frame]: pixels for frame, pixels in self._waiting.items()}
        if name != old:
            self._thinning.rename(old, name)
        return name

    def remove(self, label: str, token: str) -> None:
        """Take a class back with all its frames, until `restore` is told the same `token`. Raises FinetunerError.

        Nothing happens to one that is gone already.
        """
        if label not in self.captured.classes:
            return
        place = self.captured.classes.index(label)
        self.captured.remove_class(label, token)
        self._removed[token] = Removed(label, place, _taken(self._features, label), _taken(self._waiting, label))
        self._thinning.rename(label, token)

    def restore(self, token: str) -> None:
        """Put a class back that was removed, if it was. Raises FinetunerError when the disk refuses."""
        if (gone := self._removed.get(token)) is None:
            return
        name = self.captured.restore_class(gone.label, token, gone.place)
        del self._removed[token]
        self._features |= {_moved(frame, gone.label, name): row for frame, row in gone.features.items()}
        self._waiting |= {_moved(frame, gone.label, name): pixels for frame, pixels in gone.waiting.items()}
        self._thinning.rename(token, name)

    def rows(self) -> Rows:
        """What is learned so far; no split is settled."""
        features = np.stack(list(self._features.values())) if self._features else np.zeros((0, 0), np.float32)
        frames = list(self._features)
        labels, groups = tuple(frame.label for frame in frames), tuple(frame.group for frame in frames)
        return Rows(features, labels, groups, ("",) * len(frames))

    def _read(self, frame: Frame) -> Pixels:
        image = open_rgb(frame.path)
        self._thinning.remember(look_of(image), frame.label, str(frame.path))
        return np.asarray(image)


def _taken(frames: dict[Frame, Known], label: str) -> dict[Frame, Known]:
    """Those of a class, which are taken out."""
    return {frame: frames.pop(frame) for frame in list(frames) if frame.label == label}


def _moved(frame: Frame, old: str, new: str) -> Frame:
    if frame.label != old:
        return frame
    return Frame(Path(frame.path.parent.parent, new, frame.path.name), new)


def _bounded(image: Image.Image) -> Image.Image:
    scale = SHORT_SIDE / min(image.size)
    if scale >= 1:
        return image
    size = (round(image.width * scale), round(image.height * scale))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
