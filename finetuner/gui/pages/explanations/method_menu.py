"""The menu of methods: check boxes under the questions that they answer. One is ticked until more are wanted."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from finetuner.engine.explanations import EXPLANATIONS, GROUPS
from finetuner.gui import theme
from finetuner.gui.pages.explanations import words
from finetuner.gui.pages.explanations.wish import passes

FIRST = next(iter(EXPLANATIONS))
DIFFERENT = (FIRST, "integrated-gradients", "occlusion")
_LONG = 30
_LINES = 10


class MethodMenu(QPushButton):
    """A button that tells what is ticked, and opens the panel; `changed` when something else is ticked."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.panel = MethodPanel(self)
        self.setIcon(theme.icon("chevron-down"))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the words
        self.clicked.connect(self.open_panel)
        self.panel.changed.connect(self._on_change)
        self._say()

    @property
    def methods(self) -> list[str]:
        """The names that are ticked, in the order of the menu."""
        return [name for name, box in self.panel.boxes.items() if box.isChecked()]

    def tick(self, methods: Sequence[str]) -> None:
        """Tick these and no others."""
        self.panel.tick(methods)

    def open_panel(self) -> None:
        """Open below the button, as far left as needed to stay in the window."""
        self.panel.adjustSize()
        window = self.window()
        right = window.mapToGlobal(QPoint(window.width() - theme.GRID - self.panel.width(), 0)).x()
        place = self.mapToGlobal(QPoint(0, self.height() + theme.HALF))
        self.panel.move(QPoint(min(place.x(), right), place.y()))
        self.panel.show()
        self.panel.boxes[self.methods[0] if self.methods else FIRST].setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_change(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        titles = [words.title(name) for name in self.methods]
        told = titles[0] if len(titles) == 1 else self.tr("{} methods").format(len(titles))
        self.setText(f"{told if titles else self.tr('Choose a method')} ")
        self.setAccessibleName(self.tr("Methods: {}").format(", ".join(titles) or self.tr("none")))
        self.setToolTip(", ".join(titles))


class MethodPanel(QFrame):
    """Stays open while boxes are ticked; Esc or a click elsewhere closes it."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Methods"))
        self.boxes: dict[str, QCheckBox] = {}
        self._lay_out()
        self.boxes[FIRST].setChecked(True)
        for box in self.boxes.values():
            box.toggled.connect(self.changed)

    def tick(self, methods: Sequence[str]) -> None:
        """Tick these and no others, told once."""
        for name, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(name in methods)
            box.blockSignals(False)
        self.changed.emit()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SECTION)
        grid.setVerticalSpacing(0)
        line, column = 0, 0
        for group, question in GROUPS.items():
            names = [name for name, entry in EXPLANATIONS.items() if entry.group == group]
            if line + min(len(names), 3) > _LINES:
                line, column = 0, column + 1
            heading = theme.label(self.tr(question), "heading")
            heading.setContentsMargins(0, theme.GRID if line else 0, 0, theme.HALF)
            grid.addWidget(heading, line, column)
            for name in names:
                line, column = (line + 1, column) if line < _LINES else (1, column + 1)
                grid.addWidget(self._box(name), line, column)
            line += 1
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        layout.setSpacing(theme.GAP)
        layout.addLayout(grid)
        layout.addLayout(self._sets())

    def _box(self, name: str) -> QCheckBox:
        often = passes(name) >= _LONG
        box = QCheckBox(f"{words.title(name)}  ·  {self.tr('slow')}" if often else words.title(name))
        box.setToolTip(words.about(name))
        box.setAccessibleDescription(words.about(name))
        self.boxes[name] = box
        return box

    def _sets(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        quick = [name for name in EXPLANATIONS if passes(name) < _LONG]
        for told, methods in (
            (self.tr("Only {}").format(words.title(FIRST)), (FIRST,)),
            (self.tr("Three that work differently"), DIFFERENT),
            (self.tr("All quick ones"), quick),
            (self.tr("All"), tuple(EXPLANATIONS)),
        ):
            button = theme.button(told)
            button.clicked.connect(lambda _=False, methods=methods: self.tick(methods))
            row.addWidget(button)
        row.addStretch(1)
        return row
