"""The empty state: a page with nothing to show says what will be here and what to do for it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from finetuner.gui import theme


class Empty(QWidget):
    """An icon, a heading, a sentence, a button if there is something to do, and quieter ones for `others`."""

    def __init__(
        self,
        symbol: str,
        heading: str,
        sentence: str,
        action: str = "",
        slot: Callable[[], object] | None = None,
        *others: tuple[str, Callable[[], object]],
    ) -> None:
        super().__init__()
        self._symbol, self._picture = symbol, QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        text = theme.label(sentence, "muted", wrap=True)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        text.setFixedWidth(theme.GRID * 52)
        # aligned in a box, a label is given one line unless it asks for more
        text.setFixedHeight(text.heightForWidth(theme.GRID * 52))
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.GRID)
        layout.addStretch(2)
        for part in (self._picture, theme.label(heading, "heading"), text):
            layout.addWidget(part, alignment=Qt.AlignmentFlag.AlignHCenter)
        if slot is not None:
            self.button = theme.button(action, "primary")
            self.button.clicked.connect(slot)
            layout.addSpacing(theme.GRID)
            layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        for words, other in others:
            button = theme.button(words, "quiet")
            button.clicked.connect(other)
            layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon anew when the theme changes."""
        if event.type() == event.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self._picture.setPixmap(theme.pixmap(self._symbol, theme.GRID * 6, "faint"))
