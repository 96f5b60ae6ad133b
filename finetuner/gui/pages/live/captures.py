"""What is kept of what was seen: the last decisions, single pictures, a video."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.errors import FinetunerError
from finetuner.engine.paths import captures_dir
from finetuner.gui import theme
from finetuner.gui.bridge.images import from_array
from finetuner.gui.bridge.live import Answered
from finetuner.gui.pages.live.large import Large
from finetuner.gui.pages.live.moment import Moment, as_told, burnt, stamp
from finetuner.gui.pages.live.recorder import SUFFIX, Recorder
from finetuner.gui.pages.live.viewing import Viewing
from finetuner.gui.widgets.moment_strip import MomentStrip
from finetuner.gui.widgets.ticks import write_percent
from finetuner.gui.widgets.tool_button import tool_button

DECISIONS = 12


class Captures(QWidget):
    """Below the picture: the last decisions, and buttons to save a picture or record a video.

    `saved(file)` and `failed(FinetunerError)` are for the page to tell.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, viewing: Viewing) -> None:
        super().__init__()
        self.decisions: list[Moment] = []
        self.recorder = Recorder(self)
        self.strip = MomentStrip(self.tr("The last decisions"), DECISIONS)
        self.snapshot = tool_button("camera", self.tr("Save this picture with its label"), self.save_picture)
        self.record = tool_button("record", "", self.toggle_recording)
        self._viewing = viewing
        self._last: Answered | None = None
        self._lay_out()
        self._connect()
        self._show_state()

    def moment(self) -> Moment | None:
        """The frame that was answered last, as it was shown."""
        return None if self._last is None else self._moment_of(self._last)

    def save_picture(self) -> None:
        """Save the frame that was answered last."""
        if (moment := self.moment()) is not None:
            self.save(moment)

    def save(self, moment: Moment) -> None:
        """Write a picture into the captures' folder."""
        try:
            self.saved.emit(moment.save(captures_dir()))
        except OSError as error:
            sentence = self.tr("The picture could not be saved: {}.").format(error.strerror or error)
            self.failed.emit(FinetunerError(sentence))

    def toggle_recording(self) -> None:
        """Record from now on, or end the video."""
        if self.recorder.running:
            self.recorder.stop()
            return
        try:
            self.recorder.start(captures_dir() / f"{stamp(datetime.now())}{SUFFIX}")
        except FinetunerError as error:
            self.failed.emit(error)

    def show_large(self, number: int) -> Large:
        """Open one of the last decisions."""
        moment = self.decisions[number]
        large = Large(moment, self.window())
        large.save.clicked.connect(lambda: self.save(moment))
        large.open()
        return large

    def _on_answered(self, event: Answered) -> None:
        last, self._last = self._last, event
        decided = (event.answer.label, event.answer.state)
        if last is None or decided != (last.answer.label, last.answer.state):
            self._keep(self._moment_of(event))
            self._show_state()

    def _keep(self, moment: Moment) -> None:
        self.decisions = [moment, *self.decisions[: DECISIONS - 1]]
        answer = moment.answer
        title = answer.label if answer.state == "answered" else f"{answer.state}: {answer.label}"
        self.strip.add(moment.image, title, f"{write_percent(answer.probability)}  {moment.time:%H:%M:%S}")

    def _moment_of(self, event: Answered) -> Moment:
        image = from_array(event.pixels)
        shown = image.flipped(Qt.Orientation.Horizontal) if self._viewing.stage.mirrored else image
        source, model = self._viewing.source, self._viewing.model
        return Moment(shown, event.answer, datetime.now(), source.words if source else "", model.name if model else "")

    def _on_drawn(self) -> None:
        if self.recorder.running:
            words = "" if self._last is None else as_told(self._last.answer)
            self.recorder.add(burnt(self._viewing.stage.composed(), words))

    def _on_changed(self) -> None:
        """Another source or the end of this one: what was answered last is of no picture any more."""
        self._last = None
        if not self._viewing.running:
            self.recorder.stop()
        self._show_state()

    def _show_state(self) -> None:
        self.snapshot.setEnabled(self._last is not None)
        self.record.setEnabled(self._viewing.running)
        words = self.tr("End the video") if self.recorder.running else self.tr("Record a video with the labels")
        self.record.setIcon(theme.icon("stop" if self.recorder.running else "record"))
        self.record.setToolTip(words)
        self.record.setAccessibleName(words)
        self.setVisible(self._viewing.running or bool(self.decisions))

    def _connect(self) -> None:
        self._viewing.answered.connect(self._on_answered)
        self._viewing.drawn.connect(self._on_drawn)
        self._viewing.changed.connect(self._on_changed)
        self.strip.opened.connect(self.show_large)
        self.recorder.changed.connect(self._show_state)
        self.recorder.saved.connect(self.saved)
        self.recorder.failed.connect(self.failed)

    def _lay_out(self) -> None:
        buttons = QVBoxLayout()
        buttons.setSpacing(theme.HALF)
        for button in (self.snapshot, self.record):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        row.addWidget(self.strip, 1)
        row.addLayout(buttons)
