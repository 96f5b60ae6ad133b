"""The cards in a row, what it comes to, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from finetuner.engine.teaching.settings import MOST_CLASSES
from finetuner.gui import theme
from finetuner.gui.pages.live.teaching import words
from finetuner.gui.pages.live.teaching.card import ClassCard
from finetuner.gui.pages.live.teaching.teacher import Teacher


class TeachingPanel(QWidget):
    """Shows a teacher, and tells it what to do. `data_wanted`, `model_wanted`: what was taught, for other pages."""

    data_wanted = Signal()
    model_wanted = Signal()

    def __init__(self, teacher: Teacher) -> None:
        super().__init__()
        self._teacher = teacher
        self.cards: list[ClassCard] = []
        self.state = theme.label("", "body", wrap=True)
        self.undo = theme.button("", "quiet")
        self.data = theme.button(self.tr("Use as a data set"), "quiet")
        self.keep = theme.button(self.tr("Keep as model"))
        self.add = theme.button(self.tr("Add class"), "", "plus")
        self._row = QHBoxLayout()
        self.data.setToolTip(self.tr("Open the frames on the Data page"))
        self.keep.setToolTip(self.tr("Train it as a run, to look into, compare and export"))
        self.undo.clicked.connect(teacher.undo)
        self.add.clicked.connect(teacher.add_class)
        self.data.clicked.connect(self.data_wanted)
        self.keep.clicked.connect(self.model_wanted)
        teacher.changed.connect(self.show_state)
        self._fill()
        self.show_state()

    def show_state(self) -> None:
        """Show the teacher as it is."""
        teacher = self._teacher
        self._show_cards(len(teacher.classes))
        for card, label in zip(self.cards, teacher.classes, strict=True):
            pictures = teacher.pictures.get(label, [])
            card.show_class(label, teacher.count(label), pictures, label == teacher.recording)
        self.state.setText(words.state(teacher))
        self._show_undo(teacher.done[-1].kind if teacher.done else "")
        self.data.setEnabled(bool(teacher.frames))
        self.keep.setEnabled(teacher.fitted is not None and bool(teacher.fitted.n))
        self.add.setEnabled(teacher.active and len(teacher.classes) < MOST_CLASSES)

    def _show_undo(self, kind: str) -> None:
        removal = kind == "removal"
        self.undo.setText(self.tr("Undo removal") if removal else self.tr("Undo recording"))
        frames = self.tr("Take back the frames that were recorded last")
        self.undo.setToolTip(self.tr("Put the class back with its frames") if removal else frames)
        self.undo.setEnabled(bool(kind))

    def _show_cards(self, wanted: int) -> None:
        while len(self.cards) > wanted:
            card = self.cards.pop()
            card.hide()
            card.deleteLater()
        while len(self.cards) < wanted:
            card = ClassCard(len(self.cards) + 1)
            card.held.connect(lambda down, card=card: self._on_held(card, down))
            card.renamed.connect(lambda text, card=card: self._teacher.rename(card.label, text))
            card.removed.connect(lambda card=card: self._teacher.remove(card.label))
            self._row.insertWidget(len(self.cards), card)
            self.cards.append(card)

    def _on_held(self, card: ClassCard, down: bool) -> None:
        if down:
            self._teacher.hold(card.label)
        else:
            self._teacher.release()

    def _fill(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GRID)
        head.addWidget(self.state, 1)
        for button in (self.undo, self.data, self.keep):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addLayout(head)
        column.addWidget(self._scrolling())

    def _scrolling(self) -> QScrollArea:
        """The cards; a bar appears below where they do not fit."""
        inside = QWidget()
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.GRID)
        self._row.addWidget(self.add, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        area = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setFixedHeight(theme.GRID * 18)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area
