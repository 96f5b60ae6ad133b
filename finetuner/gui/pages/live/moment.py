"""A frame and its answer as one picture: the label burnt in, and in a saved file also written beside it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from finetuner.engine.files import write_bytes
from finetuner.engine.prediction.stream import LiveAnswer
from finetuner.gui import theme
from finetuner.gui.widgets.strokes import elided
from finetuner.gui.widgets.ticks import write_percent

_SHARE = 1 / 16
"""How tall the words are, of the picture's short side."""
_BAND, _WORDS = QColor(0, 0, 0, 150), QColor("white")


@dataclass(frozen=True)
class Moment:
    """What was seen, what it was taken for, when, from which source, by which model."""

    image: QImage
    answer: LiveAnswer
    time: datetime
    source: str
    model: str

    @property
    def words(self) -> str:
        """The answer as it is burnt in."""
        return in_words(self.answer)

    def burnt(self) -> QImage:
        """The picture with the label on its lower edge."""
        return burnt(self.image, self.words)

    def save(self, folder: Path) -> Path:
        """Write a PNG with the label burnt in and the answer in its metadata. Raises OSError.

        The metadata: `Description` in words; `finetuner`, a JSON object of label, probability, top, state, time,
        source and model.
        """
        made = self.burnt()
        made.setText("Description", self.words)
        made.setText("finetuner", self.as_json())
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        if not made.save(buffer, "PNG"):
            raise OSError("the picture could not be written as PNG")
        target = folder / f"{stamp(self.time)}.png"
        write_bytes(target, bytes(content.data()))
        return target

    def as_json(self) -> str:
        """What a script reads."""
        return json.dumps(
            {
                "label": self.answer.label,
                "probability": self.answer.probability,
                "top": self.answer.top,
                "state": self.answer.state,
                "time": self.time.isoformat(timespec="milliseconds"),
                "source": self.source,
                "model": self.model,
            }
        )


def in_words(answer: LiveAnswer) -> str:
    """`bees  97.0 %`, or `unsure: bees  51.0 %`."""
    told = f"{answer.label}  {write_percent(answer.probability)}"
    return told if answer.state == "answered" else f"{answer.state}: {told}"


def as_told(answer: LiveAnswer) -> str:
    """`bees  97.0 %`; beside a picture that is newer, also how old it is."""
    return in_words(answer) + (f"  ({ago(answer)} s ago)" if answer.behind else "")


def ago(answer: LiveAnswer) -> str:
    """Tenths of a second, at least one."""
    return f"{max(answer.behind, 0.1):.1f}"


def stamp(time: datetime) -> str:
    """A file name that sorts by time: `live-20260131-154501-250`."""
    return f"live-{time:%Y%m%d-%H%M%S}-{time.microsecond // 1000:03d}"


def burnt(image: QImage, words: str) -> QImage:
    """The picture with words on its lower edge, at its own size."""
    made = image.convertToFormat(QImage.Format.Format_RGB32)
    face = QFont(theme.font("heading"))
    face.setPixelSize(max(round(min(made.width(), made.height()) * _SHARE), 8))
    metrics = QFontMetricsF(face)
    band = QRectF(0, made.height() - 1.6 * metrics.height(), made.width(), 1.6 * metrics.height())
    painter = QPainter(made)
    painter.fillRect(band, _BAND)
    painter.setPen(_WORDS)
    painter.setFont(face)
    inside = band.adjusted(metrics.height() / 2, 0, -metrics.height() / 2, 0)
    elided(painter, inside, words, mode=Qt.TextElideMode.ElideRight)
    painter.end()
    return made
