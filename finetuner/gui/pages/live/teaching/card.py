"""A class: its number and name, the last frames, how many there are, and a button to hold."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from finetuner.engine.teaching.names import LONGEST
from finetuner.gui import theme
from finetuner.gui.bridge.teaching import PICTURES
from finetuner.gui.widgets.picture_strip import PictureStrip
from finetuner.gui.widgets.tool_button import tool_button

WIDTH = theme.GRID * 23


class ClassCard(QFrame):
    """`held(True)` while the button is down; `renamed(text)` on another name, `removed` to be rid of it."""

    held = Signal(bool)
    renamed = Signal(str)
    removed = Signal()

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.label = number, ""
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH)
        self.name = QLineEdit(maxLength=LONGEST, accessibleName=self.tr("Name of class {}").format(number))
        self.name.setToolTip(self.tr("Click to give the class another name"))
        self.remove = tool_button("close", self.tr("Remove the class with its frames"), self.removed.emit)
        self.strip = PictureStrip(PICTURES, self.tr("Last frames"))
        self.count = theme.label("", "strong")
        self.count.setToolTip(self.tr("Frames that are kept"))
        self.button = theme.button("")
        self.button.pressed.connect(lambda: self.held.emit(True))
        self.button.released.connect(lambda: self.held.emit(False))
        self.name.editingFinished.connect(self._on_edited)
        self.name.returnPressed.connect(self.name.clearFocus)
        self._fill()

    def show_class(self, label: str, count: int, pictures: Sequence[QImage], recording: bool) -> None:
        """Show how things are; a name that is being typed is left alone."""
        if label != self.label or not self.name.hasFocus():
            self.name.setText(label)
        self.label = label
        self.count.setText(f"{count:,}")
        self.strip.show_images(pictures)
        self.button.setText(self.tr("Recording") if recording else self._offer())
        self.button.setAccessibleName(self.tr("Hold to record {}, {} frames").format(label, count))
        self.remove.setAccessibleName(self.tr("Remove {} with its frames").format(label))
        role = "primary" if recording else ""
        if self.button.property("role") != role:
            theme.set_role(self.button, role)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            self.button.setDown(False)
        super().changeEvent(event)

    def _offer(self) -> str:
        return self.tr("Hold {}").format(self.number) if self.number <= 9 else self.tr("Hold to record")

    def _on_edited(self) -> None:
        text = self.name.text()
        if text != self.label:
            self.renamed.emit(text)

    def _fill(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GRID)
        if self.number <= 9:
            head.addWidget(theme.label(str(self.number), "heading"))
        head.addWidget(self.name, 1)
        head.addWidget(self.remove)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GRID)
        foot.addWidget(self.button, 1)
        foot.addWidget(self.count, alignment=Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID + 4, theme.GRID, theme.GRID + 4, theme.GRID)
        column.setSpacing(theme.GRID)
        column.addLayout(head)
        column.addWidget(self.strip)
        column.addLayout(foot)
