"""What happens when a label is shown, done beside the window; what fails is a quiet line."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from finetuner.engine.events import Event, Failed
from finetuner.engine.prediction.actions.act import Acted, act, wanted
from finetuner.engine.prediction.actions.action import ActionsPart, Sight
from finetuner.engine.prediction.actions.trigger import Trigger
from finetuner.frame_sources.multimedia import qt_multimedia
from finetuner.gui import theme
from finetuner.gui.bridge.live import Answered, ModelOpened
from finetuner.gui.bridge.local import LocalTask
from finetuner.gui.pages.live.kept import keep, kept
from finetuner.gui.pages.live.viewing import Viewing
from finetuner.gui.session import Session
from finetuner.gui.widgets.ticks import write_percent
from finetuner.gui.widgets.tool_button import tool_button


class Actor(QWidget):
    """A line below the picture, in sight only while something is to happen. `play` plays a WAV file."""

    changed = Signal()

    def __init__(self, session: Session, viewing: Viewing, play: Callable[[Path], object] | None = None) -> None:
        super().__init__()
        self.options = kept(session, "actions", ActionsPart).without_network()
        self.words, self.trouble = theme.label("", "small"), theme.label("", "caution", wrap=True)
        self._session, self._play = session, play or self._sound
        self._trigger = Trigger(self.options)
        self._effect: Any = None
        self._troubles: dict[str, str] = {}
        self._times = 0
        self._classes: tuple[str, ...] = ()
        viewing.answerer.happened.connect(self._on_model)
        viewing.answered.connect(self._on_answered)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words)
        row.addWidget(self.trouble, 1)
        row.addWidget(tool_button("close", self.tr("No actions any more"), lambda: self.set_options(ActionsPart())))
        self._show()

    def set_options(self, options: ActionsPart) -> None:
        """What is to happen from now on, and at the next start but for what is sent."""
        self.options, self._trigger = options, Trigger(options)
        self._troubles, self._times = {}, 0
        keep(self._session, "actions", options.without_network())
        self._show()
        self.changed.emit()

    def _on_answered(self, event: Answered) -> None:
        if not wanted(self.options) or not self._trigger.fires(event.answer):
            return
        self._times += 1
        self._show()
        sight = Sight(event.answer.label, event.answer.probability, datetime.now(), event.pixels)
        options = self.options
        self._session.calls.start(lambda: LocalTask(act(sight, options)), self._on_event)

    def _on_event(self, event: Event) -> None:
        match event:
            case Acted():
                self._troubles[event.action] = event.trouble
                if event.sound is not None:
                    self._play(event.sound)
            case Failed():
                self._troubles["all"] = event.sentence
        self._show()

    def _show(self) -> None:
        names = wanted(self.options)
        label = self.options.when_label or self.tr("any class")
        told = self.tr("Actions on {} from {} on: {:,} so far").format(
            label, write_percent(self.options.least), self._times
        )
        self.words.setText(told)
        self.trouble.setText(" ".join(filter(None, (self._stranger(), *self._troubles.values()))))
        self.setVisible(bool(names))

    def _stranger(self) -> str:
        """A class that is none is never shown: somebody has mistyped."""
        label = self.options.when_label
        known = not label or not self._classes or label in self._classes
        return "" if known else self.tr("The model has no class “{}”.").format(label)

    def _on_model(self, event: Event) -> None:
        if isinstance(event, ModelOpened):
            self._classes = event.classes
            self._show()

    def _sound(self, file: Path) -> None:
        if self._effect is None:
            self._effect = qt_multimedia().QSoundEffect(self)
            self._effect.setSource(QUrl.fromLocalFile(str(file)))
        self._effect.play()
