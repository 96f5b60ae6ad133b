"""What bars and their names are painted with."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath

LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT_MIDDLE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def rounded(bar: QRectF) -> QPainterPath:
    """The outline of a bar, its corners round as far as it is thick enough."""
    path, radius = QPainterPath(), min(bar.height() / 2, 4.0, bar.width() / 2)
    path.addRoundedRect(bar, radius, radius)
    return path


def elided(painter: QPainter, place: QRectF, text: str, flags: int) -> None:
    """Write the text; what does not fit is left out in its middle."""
    fitting = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, flags, fitting)
