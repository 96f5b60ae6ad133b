"""What widgets paint with again and again: bars with round ends, and words that fit their place."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath

LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT_MIDDLE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def rounded(bar: QRectF) -> QPainterPath:
    """The outline of a bar, its corners round as far as it is thick enough."""
    path, radius = QPainterPath(), min(bar.height() / 2, 4.0, bar.width() / 2)
    path.addRoundedRect(bar, radius, radius)
    return path


def elided(
    painter: QPainter,
    place: QRectF,
    text: str,
    flags: Qt.AlignmentFlag = LEFT_MIDDLE,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
) -> None:
    """Write the text in the painter's font; what does not fit is left out, in the middle or where `mode` says."""
    fitting = QFontMetricsF(painter.font()).elidedText(text, mode, place.width())
    painter.drawText(place, flags, fitting)
