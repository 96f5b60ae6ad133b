"""The frame, large. Trouble stands on it, with a way out; the last frame stays behind it, pale."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from finetuner.gui import theme
from finetuner.gui.bridge.images import from_array
from finetuner.gui.widgets.picture_pane import PicturePane

Actions = Sequence[tuple[str, Callable[[], object]]]
_READING = theme.GRID * 44
_AROUND = theme.GRID * 8


class Stage(PicturePane):
    """`show_frame(pixels)`; `show_trouble(sentence, next_step, actions)` until the next frame."""

    def __init__(self) -> None:
        super().__init__(self.tr("What the model sees"), opens=False)
        self.mirrored = False
        self.trouble = Trouble()
        layout = QVBoxLayout(self)
        layout.addWidget(self.trouble, alignment=Qt.AlignmentFlag.AlignCenter)

    def show_frame(self, pixels: np.ndarray) -> None:
        """Show this frame, mirrored if so chosen."""
        image = from_array(pixels)
        self.trouble.hide()
        self.show_image(image.flipped(Qt.Orientation.Horizontal) if self.mirrored else image)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.trouble.fit(event.size().width())

    def show_trouble(self, sentence: str, next_step: str, actions: Actions, symbol: str = "camera") -> None:
        """Say what is wrong and offer what can be done."""
        self.fade()
        self.trouble.tell(sentence, next_step, actions, symbol)


class Trouble(QFrame):
    """A card: what is wrong, what to do, and buttons to do it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._symbol = ""
        self._room = _READING + _AROUND
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.sentence = theme.label("", "heading", wrap=True)
        self.next_step = theme.label("", "muted", wrap=True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.GRID)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID * 3, theme.GRID * 3, theme.GRID * 3, theme.GRID * 3)
        column.setSpacing(theme.GRID)
        column.addWidget(self._picture)
        for words in (self.sentence, self.next_step):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        column.addSpacing(theme.GRID)
        column.addLayout(self._buttons)
        self.hide()

    def tell(self, sentence: str, next_step: str, actions: Actions, symbol: str) -> None:
        """Show the card."""
        self._symbol = symbol
        for label, words in ((self.sentence, sentence), (self.next_step, next_step)):
            label.setText(words)
            label.setVisible(bool(words))
        self.fit(self._room)
        self.setAccessibleName(f"{sentence} {next_step}".strip())
        self._offer(actions)
        self._draw()
        self.show()

    def fit(self, room: int) -> None:
        """Be no wider than the picture behind."""
        self._room = room
        width = max(min(_READING, room - _AROUND), theme.GRID * 10)
        for label in (self.sentence, self.next_step):
            label.setFixedWidth(width)
            label.setFixedHeight(max(label.heightForWidth(width), 0))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == event.Type.PaletteChange and self._symbol:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self._picture.setPixmap(theme.pixmap(self._symbol, theme.GRID * 5, "muted"))

    def _offer(self, actions: Actions) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._buttons.addStretch(1)
        for words, slot in actions:
            button = theme.button(words)
            button.clicked.connect(lambda _checked=False, slot=slot: slot())
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
