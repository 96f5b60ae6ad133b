"""Images loaded beside the window: what was asked last comes first, what nobody waits for any more is dropped."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

Load = Callable[[str, int], QImage]
MOST_WAITING = 240
THREADS = 2


class ImageLoader(QObject):
    """`request(key, side)`; `loaded(key, image)` follows, with a null image when it cannot be read.

    `load(key, side)` runs in a pool thread and returns the image, its longer side about `side` pixels
    (0: all there are); it answers an unreadable file with a null image rather than by raising.
    """

    loaded = Signal(str, QImage)

    def __init__(self, load: Load, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load = load
        self._lock = threading.Lock()
        self._waiting: dict[str, int] = {}
        self._on_the_way: set[str] = set()
        self._running = 0
        self.loaded.connect(self._arrived)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def request(self, key: str, side: int) -> None:
        """Ask for an image; asking again moves it to the front, unless it is on its way."""
        with self._lock:
            if key in self._on_the_way:
                return
            self._waiting.pop(key, None)
            self._waiting[key] = side
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
            start = self._running < THREADS
            self._running += start
        if start:
            QThreadPool.globalInstance().start(QRunnable.create(self._work))

    def drop(self) -> None:
        """Nobody waits any more for what was asked and has not begun."""
        with self._lock:
            self._waiting.clear()

    def close(self) -> None:
        """Drop what waits and wait for what runs, here and in every other loader: before the end of the program."""
        self.drop()
        QThreadPool.globalInstance().waitForDone()

    def _work(self) -> None:
        while (wanted := self._take()) is not None:
            key, side = wanted
            image = self._load(key, side)
            if isValid(self):
                self.loaded.emit(key, image)

    def _arrived(self, key: str, image: QImage) -> None:
        with self._lock:
            self._on_the_way.discard(key)

    def _take(self) -> tuple[str, int] | None:
        with self._lock:
            if self._waiting:
                key, side = self._waiting.popitem()
                self._on_the_way.add(key)
                return key, side
            self._running -= 1
            return None
