"""Where in a video one is: pause, step by a frame, go elsewhere."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from finetuner.frame_sources.frame import Frame
from finetuner.frame_sources.video import VideoStream
from finetuner.gui import theme
from finetuner.gui.widgets.tool_button import tool_button
from finetuner.gui.widgets.wheel import calm

_TICKS = 1000
"""A second, on the slider."""


class Transport(QWidget):
    """In sight only while there is a video. The keys work anywhere on `page`."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._video: VideoStream | None = None
        self._shortcuts: list[QShortcut] = []
        self.play = tool_button("pause", "", self.toggle)
        self.back = tool_button("chevron-left", self.tr("Previous frame (,)"), lambda: self.step(-1))
        self.on = tool_button("chevron-right", self.tr("Next frame (.)"), lambda: self.step(1))
        self.slider = calm(QSlider(Qt.Orientation.Horizontal, accessibleName=self.tr("Time in the video")))
        self.slider.setPageStep(10 * _TICKS)
        self.slider.setSingleStep(_TICKS)
        self.slider.valueChanged.connect(self._on_slider)
        self.time = theme.label("", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.HALF)
        for part in (self.play, self.back, self.on, self.slider, self.time):
            row.addWidget(part, 1 if part is self.slider else 0)
        for key, slot in (("P", self.toggle), (",", lambda: self.step(-1)), (".", lambda: self.step(1))):
            shortcut = QShortcut(QKeySequence(key), page, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
            self._shortcuts.append(shortcut)
        self.follow(None)

    def follow(self, stream: object) -> None:
        """Lead through this video; nothing else has a transport."""
        self._video = stream if isinstance(stream, VideoStream) else None
        self.setVisible(self._video is not None)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(self._video is not None)
        if self._video is not None:
            self._video.arrived.connect(self._on_frame)
            self._video.paused_changed.connect(self._show_paused)
            self._show_paused(False)

    def toggle(self) -> None:
        """Pause, or go on."""
        if self._video is not None:
            self._video.pause(not self._video.paused)

    def step(self, frames: int) -> None:
        """Pause, and go so many frames on."""
        if self._video is not None:
            self._video.step(frames)

    def _on_frame(self, frame: Frame) -> None:
        if self._video is None or self.slider.isSliderDown():
            return
        self.slider.blockSignals(True)
        self.slider.setRange(0, round(self._video.duration * _TICKS))
        self.slider.setValue(round(frame.seconds * _TICKS))
        self.slider.blockSignals(False)
        self.slider.setEnabled(self._video.duration > 0)
        self.time.setText(f"{_clock(frame.seconds)} / {_clock(self._video.duration)}")

    def _on_slider(self, ticks: int) -> None:
        if self._video is not None:
            self._video.seek(ticks / _TICKS)

    def _show_paused(self, paused: bool) -> None:
        words = self.tr("Go on (P)") if paused else self.tr("Pause (P)")
        self.play.setIcon(theme.icon("play" if paused else "pause"))
        self.play.setToolTip(words)
        self.play.setAccessibleName(words)


def _clock(seconds: float) -> str:
    """`1:04`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
