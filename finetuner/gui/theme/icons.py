"""Icons: one SVG each in resources/icons, drawn in the theme's colour of the moment, sharp at every scale."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from finetuner.engine.paths import resources
from finetuner.gui.theme.current import colours


def icon(name: str, colour: str = "muted", on: str = "accent") -> QIcon:
    """The icon `name` in the named colour, in `on` when checked or selected; it follows a change of theme.

    Raises KeyError when there is no such icon.
    """
    if name not in names():
        raise KeyError(f"no icon named {name}; there are {', '.join(names())}")
    return QIcon(_Engine(name, colour, on))


def pixmap(name: str, side: int, colour: str = "muted", ratio: float = 2.0) -> QPixmap:
    """The icon as a square pixmap of `side` device-independent pixels, in today's colours."""
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint(painter, name, QRectF(0, 0, side, side), colour)
    painter.end()
    return made


def paint(painter: QPainter, name: str, where: QRectF, colour: str = "muted") -> None:
    """Draw the icon into `where` with an open painter."""
    _renderer(name, getattr(colours(), colour)).render(painter, where)


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """All icons there are."""
    return tuple(sorted(file.stem for file in (resources() / "icons").glob("*.svg")))


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = (resources() / "icons" / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(drawing.encode()))


class _Engine(QIconEngine):
    """Draws at paint time, so that a change of theme needs no new icon."""

    def __init__(self, name: str, colour: str, on: str) -> None:
        super().__init__()
        self._name, self._colour, self._on = name, colour, on

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        square = QRectF(rect.left(), rect.center().y() + 0.5 - side / 2, side, side)
        paint(painter, self._name, square, self._role(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def clone(self) -> "_Engine":
        return _Engine(self._name, self._colour, self._on)

    def _role(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode == QIcon.Mode.Disabled:
            return "faint"
        return self._on if state == QIcon.State.On or mode == QIcon.Mode.Selected else self._colour
