"""One image while the network learns: what it says and where it looks, epoch by epoch, to be played back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.widgets.film_strip import FilmStrip
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.picture_pane import PicturePane
from finetuner.gui.widgets.probability_bars import ProbabilityBars
from finetuner.gui.widgets.thumbnail_grid import Picture
from finetuner.gui.widgets.tool_button import tool_button
from finetuner.gui.widgets.wheel import calm

if TYPE_CHECKING:
    from finetuner.engine.events import Watched

_ROWS, _FRAME_MS = 4, 500


class Watching(QWidget):
    """`begin(run)`, then `add(event)` after each epoch. It follows the newest unless an older one is looked at.

    `wanted` when the user asks to watch another image.
    """

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[Watched] = []
        self._run: Path | None = None
        self.picture = PicturePane(
            self.tr("The watched image"), self.tr("After each epoch you see here what the network says of one image.")
        )
        self.bars = ProbabilityBars(_ROWS)
        self.heading, self.note = theme.label("", "heading"), theme.label("", "small", wrap=True)
        self.strip = FilmStrip(self.tr("The watched image, epoch by epoch"))
        self.slider = calm(QSlider(Qt.Orientation.Horizontal, accessibleName=self.tr("Epoch")))
        self.play = tool_button("play", self.tr("Play"), self.toggle)
        self.choose = theme.button(self.tr("Watch another image…"), "quiet", "image")
        self.viewer = ImageViewer(load_image, self)
        self._clock = QTimer(self, interval=_FRAME_MS)
        self._connect()
        self._lay_out()
        self.begin(None)

    @property
    def playing(self) -> bool:
        """Whether frame follows frame."""
        return self._clock.isActive()

    def begin(self, run: Path | None) -> None:
        """Nothing is known of this run yet."""
        self._pause()
        self._run, self.frames = run, []
        self.strip.clear()
        self.picture.show_image(QImage())
        self.bars.show_top([])
        self.heading.setText("")
        self.note.setText("")
        self._set_range()

    def add(self, event: Watched) -> None:
        """What the network said after one more epoch; one that is told again takes the place of the first telling."""
        follows = not self.playing and self.slider.value() == len(self.frames) - 1
        self.frames = [frame for frame in self.frames if frame.epoch < event.epoch]
        del self.strip.frames[len(self.frames) :]
        self.frames.append(event)
        self.strip.add(QImage(self._file(event)), self.tr("epoch {}").format(event.epoch))
        self._set_range()
        if follows or len(self.frames) == 1:
            self.slider.setValue(len(self.frames) - 1)
        self._show(self.slider.value())

    def toggle(self) -> None:
        """Play from here, from the beginning where this is the end; or stop."""
        if self.playing:
            return self._pause()
        if self.slider.value() >= len(self.frames) - 1:
            self.slider.setValue(0)
        self._clock.start()
        self._relabel()
        return None

    def hideEvent(self, event: QHideEvent) -> None:
        self._pause()

    def _advance(self) -> None:
        if self.slider.value() >= len(self.frames) - 1:
            self._pause()
        else:
            self.slider.setValue(self.slider.value() + 1)

    def _pause(self) -> None:
        self._clock.stop()
        self._relabel()

    def _relabel(self) -> None:
        words = self.tr("Pause") if self.playing else self.tr("Play")
        self.play.setIcon(theme.icon("pause" if self.playing else "play"))
        self.play.setToolTip(words)
        self.play.setAccessibleName(words)

    def _show(self, number: int) -> None:
        if not 0 <= number < len(self.frames):
            return
        frame = self.frames[number]
        self.strip.show_current(number)
        self.picture.show_image(QImage(self._file(frame)))
        self.bars.show_top(frame.top)
        self.heading.setText(self.tr("Epoch {}").format(frame.epoch))
        truth = self.tr("It shows {}.").format(frame.truth) if frame.truth else ""
        name = Path(frame.image).name
        self.note.setText(
            self.tr("{}. {} Warm is where it sees {}.").format(name, truth, frame.top[0][0]).replace("  ", " ")
        )

    def _file(self, frame: Watched) -> str:
        return str(self._run / frame.picture) if self._run is not None else ""

    def _set_range(self) -> None:
        self.slider.setRange(0, max(len(self.frames) - 1, 0))
        for widget in (self.slider, self.play):
            widget.setEnabled(len(self.frames) > 1)

    def _enlarge(self) -> None:
        pictures = [Picture(self._file(frame), self.tr("epoch {}").format(frame.epoch)) for frame in self.frames]
        self.viewer.show_pictures(pictures, self.slider.value())

    def _connect(self) -> None:
        self._clock.timeout.connect(self._advance)
        self.slider.valueChanged.connect(self._show)
        self.strip.chosen.connect(self.slider.setValue)
        self.picture.opened.connect(self._enlarge)
        self.choose.clicked.connect(self.wanted)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.GRID)
        words.addWidget(self.heading)
        words.addWidget(self.note)
        words.addWidget(self.bars)
        words.addStretch(1)
        words.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        upper = QHBoxLayout()
        upper.setSpacing(theme.SECTION)
        upper.addWidget(self.picture, 3)
        upper.addLayout(words, 2)
        self.slider.setMinimumHeight(theme.GRID * 3)
        scrub = QHBoxLayout()
        scrub.addWidget(self.play)
        scrub.addWidget(self.slider, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(upper, 1)
        layout.addWidget(self.strip)
        layout.addLayout(scrub)
