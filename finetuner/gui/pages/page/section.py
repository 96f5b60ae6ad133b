"""Groups on a page: a heading with space around it, and a column that scrolls when the window is small."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from finetuner.gui import theme


class Section(QWidget):
    """A heading, at most one sentence, and what belongs to it. No box: space does the grouping."""

    def __init__(self, heading: str, sentence: str = "") -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.GRID)
        self.column.addWidget(theme.label(heading, "heading"))
        if sentence:
            self.column.addWidget(theme.label(sentence, "muted", wrap=True))

    def add(self, part: QWidget | QLayout) -> None:
        """Put something into the group."""
        if isinstance(part, QWidget):
            self.column.addWidget(part)
        else:
            self.column.addLayout(part)


def scrolled(content: QWidget) -> QScrollArea:
    """`content` in an area that scrolls downwards only, without a frame."""
    area = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    content.setObjectName("content")
    area.setWidget(content)
    return area
