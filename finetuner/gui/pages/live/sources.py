"""Where frames can come from. QtMultimedia is imported when cameras are first asked for, or a stream is opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from finetuner.engine.dataset.walk import Walk
from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources.source import kind_of
from finetuner.gui.pages.live.pasted import Pasted
from finetuner.gui.pages.live.stills import Stills

if TYPE_CHECKING:
    from finetuner.frame_sources.camera_hardware import Camera, Format


MOST_IMAGES = 2_000
"""Nobody steps through more, and the window waits while they are listed."""


class FrameStream(Protocol):
    """What a page connects to: `arrived(Frame)`, `ended()`, `failed(FinetunerError)`; `start` and `stop`."""

    arrived: Any
    ended: Any
    failed: Any

    def start(self) -> None:
        """Begin; trouble comes as `failed`."""
        ...

    def stop(self) -> None:
        """Release the device or file."""
        ...

    def deleteLater(self) -> None:
        """Every stream is a QObject."""
        ...


@dataclass(frozen=True)
class Source:
    """Something to look at. `open` makes its stream; `mirrored` is how people expect to see themselves."""

    words: str
    open: Callable[[QObject], FrameStream] = field(compare=False)
    still: bool = False
    mirrored: bool = False
    key: str = ""
    formats: tuple["Format", ...] = field(default=(), compare=False)
    """Among which a camera lets choose."""


class Sources(QObject):
    """This machine's sources. Tests and the preview hand the page others."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hardware: Any = None
        self.wanted: dict[str, str] = {}
        """By a camera's key the format in which it is opened; not in here: the smallest that suffices."""

    def cameras(self, on_change: Callable[[], object]) -> list[Source]:
        """The cameras plugged in; `on_change` is called when one comes or goes.

        Raises FinetunerError when this system cannot use cameras at all.
        """
        from finetuner.frame_sources.camera_hardware import QtHardware

        if self._hardware is None:
            self._hardware = QtHardware(self)
            self._hardware.changed.connect(on_change)
        return [self._camera(camera) for camera in self._hardware.cameras()]

    def file(self, path: Path) -> Source:
        """A video, an image, or a folder of images, of a large one the first. Raises FinetunerError for all else."""
        match kind_of(str(path)):
            case "video":
                return Source(path.name, lambda parent: _video(path, parent), key=str(path))
            case "folder":
                entries = (entry for entry in Walk(path) if not entry.reason)
                return self.images([Path(entry.path) for entry in islice(entries, MOST_IMAGES)])
            case _:
                return self.images([path])

    def images(self, paths: Sequence[Path]) -> Source:
        """Images, one after the other. Raises FinetunerError when there are none."""
        if not paths:
            raise FinetunerError("There are no images in this folder.", "Choose another.")
        words = paths[0].name if len(paths) == 1 else self.tr("{:,} images").format(len(paths))
        key = "\n".join(map(str, paths))
        return Source(words, lambda parent: Stills(paths, parent), still=True, key=key)

    def named(self, text: str) -> Source:
        """A part of a screen, a window, or an address, as the command line names them. Raises FinetunerError."""
        match kind_of(text):
            case "screen":
                return Source(self.tr("Part of the screen"), lambda parent: _screen(text, parent), key=text)
            case "window":
                title = text.partition(":")[2]
                return Source(self.tr("Window {}").format(title), lambda parent: _window(text, parent), key=text)
            case "network":
                from finetuner.frame_sources.network import checked, shown

                checked(text)
                return Source(shown(text), lambda parent: _network(text, parent), key=text)
            case _:
                return self.file(Path(text))

    def windows(self) -> list[str]:
        """The titles of the windows that can be looked at. Raises FinetunerError when none ever can."""
        from finetuner.frame_sources.capture_hardware import QtWindows

        return QtWindows().names()

    def pasted(self, image: QImage) -> Source:
        """A picture from the clipboard."""
        return Source(self.tr("Pasted image"), lambda parent: Pasted(image, parent), still=True, key="pasted")

    def _camera(self, camera: "Camera") -> Source:
        def opened(parent: QObject) -> FrameStream:
            return _camera(camera.number, parent, self.wanted.get(camera.key))

        return Source(camera.name, opened, mirrored=True, key=camera.key, formats=camera.formats)


def _camera(number: int, parent: QObject, wanted: str | None) -> FrameStream:
    from finetuner.frame_sources.camera import CameraStream
    from finetuner.frame_sources.camera_hardware import Format

    return CameraStream(number, parent, wanted=Format.parse(wanted) if wanted else None)


def _video(path: Path, parent: QObject) -> FrameStream:
    from finetuner.frame_sources.video import VideoStream

    return VideoStream(str(path), repeat=True, parent=parent)


def _screen(text: str, parent: QObject) -> FrameStream:
    from finetuner.frame_sources.screen import ScreenStream

    return ScreenStream(text, parent)


def _window(text: str, parent: QObject) -> FrameStream:
    from finetuner.frame_sources.window import WindowStream

    return WindowStream(text, parent)


def _network(address: str, parent: QObject) -> FrameStream:
    from finetuner.frame_sources.network import NetworkStream

    return NetworkStream(address, parent)
