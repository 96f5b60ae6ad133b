"""What no split may part: images that look alike, and the frames of one burst with every copy of them."""

from collections.abc import Iterable, Sequence

from finetuner.engine.dataset.bursts import burst_of
from finetuner.engine.events import ScannedImage


def group_of(image: ScannedImage) -> str:
    """What must not be divided: the images that look like this one."""
    return image.group or image.content or image.path


def together(images: Sequence[ScannedImage]) -> tuple[ScannedImage, ...]:
    """The images in their order, those that belong to a burst with it as their group; again, it changes nothing."""
    bursts = _Bursts(images)
    if not bursts.any:
        return tuple(images)
    placed = ((image, bursts.group(image)) for image in images)
    return tuple(
        image if group == group_of(image) else image.model_copy(update={"group": group}) for image, group in placed
    )


class _Bursts:
    """Which images belong to bursts: frames, their copies, and others that look like a frame or share its group.

    Bursts are one where they share a file, or where such another image resembles both: it can be on one side only.
    Where frames alone look alike they are not: before the same wall all recordings do, and none could be held out.
    The name of what was united is its first in the alphabet, so that the order of the images does not matter.
    """

    def __init__(self, images: Sequence[ScannedImage]) -> None:
        self._above: dict[str, str] = {}
        self._by_file: dict[str, str] = {}
        self._by_look: dict[str, str] = {}
        for image in images:
            if burst := burst_of(image.path):
                self._unite(self._by_file.setdefault(_file(image), burst), burst)
        if self.any:
            self._unite_looks(images)

    @property
    def any(self) -> bool:
        """Whether some image is a frame of one."""
        return bool(self._by_file)

    def group(self, image: ScannedImage) -> str:
        """The burst it belongs to, or else what looks like it."""
        burst = self._by_file.get(_file(image)) or self._by_look.get(group_of(image))
        return self._first(burst) if burst else group_of(image)

    def _unite_looks(self, images: Iterable[ScannedImage]) -> None:
        others = {group_of(image) for image in images if _file(image) not in self._by_file}
        for image in images:
            burst, look = self._by_file.get(_file(image)), group_of(image)
            if burst and look in others:
                self._unite(self._by_look.setdefault(look, burst), burst)

    def _unite(self, one: str, other: str) -> None:
        first, second = sorted((self._first(one), self._first(other)))
        if first != second:
            self._above[second] = first

    def _first(self, burst: str) -> str:
        first = burst
        while first in self._above:
            first = self._above[first]
        if first != burst:
            self._above[burst] = first  # the next way is short
        return first


def _file(image: ScannedImage) -> str:
    return image.content or image.path
