"""The first picture, and up to three more beside it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.live.heat import Heat
from finetuner.gui.pages.live.pane import Pane
from finetuner.gui.pages.live.stage import Stage

MOST = 4
"""Each is answered by a model of its own in a thread of its own; more would only be slower."""


class Wall(QWidget):
    """`add(pane)`: it has a place until it is closed. All start and stop together."""

    changed = Signal()

    def __init__(self, first: Stage) -> None:
        super().__init__()
        self.panes: list[Pane | Heat] = []
        self.caption = theme.label("", "muted")
        """What the first picture is of; needed where it is not the only one."""
        self._first = QWidget()
        column = QVBoxLayout(self._first)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addWidget(first, 1)
        column.addWidget(self.caption)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.GRID)
        self._arrange()

    @property
    def full(self) -> bool:
        """Whether there is no place for another."""
        return len(self.panes) + 1 >= MOST

    @property
    def heat(self) -> Heat | None:
        """Where the first model looks, if that is shown."""
        return next((pane for pane in self.panes if isinstance(pane, Heat)), None)

    def add(self, pane: Pane | Heat) -> None:
        """One more, which starts at once."""
        self.panes.append(pane)
        pane.closed.connect(lambda: self.remove(pane))
        self._arrange()
        pane.start()
        self.changed.emit()

    def remove(self, pane: Pane | Heat) -> None:
        """Look at it no more."""
        pane.stop()
        self.panes.remove(pane)
        self.changed.emit()
        self._grid.removeWidget(pane)
        pane.hide()
        pane.deleteLater()
        self._arrange()

    def start(self) -> None:
        """Open every source."""
        for pane in self.panes:
            pane.start()

    def stop(self) -> None:
        """Release every source."""
        for pane in self.panes:
            pane.stop()

    def _arrange(self) -> None:
        self.caption.setVisible(bool(self.panes))
        if self.panes:
            self.caption.setFixedHeight(self.panes[0].line.sizeHint().height())
        for number, part in enumerate((self._first, *self.panes)):
            self._grid.addWidget(part, number // 2, number % 2)
        for number in range(2):
            self._grid.setColumnStretch(number, int(number < 1 + len(self.panes)))
            self._grid.setRowStretch(number, int(2 * number < 1 + len(self.panes)))
