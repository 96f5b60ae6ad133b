"""What the network looks at, class by class: the average map, what decides, and a sentence."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTemporaryDir, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from finetuner.engine.explanations import EXPLANATIONS
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.picture_pane import PicturePane
from finetuner.gui.widgets.thumbnail_grid import Picture
from finetuner.gui.widgets.ticks import write_percent, write_percent_tick
from finetuner.gui.widgets.wheel import calm

if TYPE_CHECKING:
    from finetuner.engine.events import ClassHabit, PlaceHabit, ShortcutsMeasured

_SIGNS = {
    "suspicious": ("warning", "warning"),
    "mirrored": ("mirror", "warning"),
    "too-few": ("info", "muted"),
    "unsuspicious": ("check", "good"),
}
_ORDER = tuple(_SIGNS)
_SIDE = theme.GRID * 14


class Habits(QWidget):
    """`wanted` and `unwanted` when the user asks to look or to stop; then `show_measured`.

    `opened(heading, rows)` when a number's images are to be seen.
    """

    wanted = Signal()
    unwanted = Signal()
    opened = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.folder = QTemporaryDir()
        self._question = self.tr(
            "Is a class told apart by what lies beside it: a mark at the border, the ground, the background?"
        )
        self.words = theme.label(self._question, "small", wrap=True)
        self.method = _methods()
        self.method.setAccessibleName(self.tr("What draws the map"))
        self.look = theme.button(self.tr("Look"), "", "search")
        self.stop = theme.button(self.tr("Stop"), "", "stop")
        self.look.clicked.connect(self.wanted)
        self.stop.clicked.connect(self.unwanted)
        self.viewer = ImageViewer(load_image, self)
        self.cards: list[ClassCard] = []
        self._rows = QVBoxLayout()
        self._lay_out()
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        """Whether it is being measured."""
        self.stop.setVisible(busy)
        self.look.setVisible(not busy)
        self.method.setEnabled(not busy)

    def forget(self) -> None:
        """Another run is shown."""
        self.words.setText(self._question)
        for card in self.cards:
            self._rows.removeWidget(card)
            card.deleteLater()
        self.cards = []

    def show_measured(self, event: ShortcutsMeasured) -> None:
        """A card for each class, the suspicious ones first."""
        self.forget()
        habits = sorted((habit for habit in event.classes if habit.n), key=lambda habit: _ORDER.index(habit.suspicion))
        for number, habit in enumerate(habits):
            card = ClassCard(habit)
            card.opened.connect(self.opened)
            card.enlarged.connect(partial(self._enlarge, habits, number))
            self.cards.append(card)
            self._rows.insertWidget(number, card)
        self.words.setText(self._in_words(habits))

    def _in_words(self, habits: list[ClassHabit]) -> str:
        named = [habit.name for habit in habits if habit.suspicion == "suspicious"]
        if named:
            return self.tr("Suspicious: {}. Look at the images behind the numbers.").format(", ".join(named))
        if any(habit.suspicion == "too-few" for habit in habits):
            return self.tr("No class is suspicious; for some there are too few images to tell.")
        return self.tr("No class is suspicious: what lies beside the subject does not decide.")

    def _enlarge(self, habits: list[ClassHabit], number: int) -> None:
        self.viewer.show_pictures([Picture(habit.picture, habit.name) for habit in habits], number)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(theme.label(self.tr("Map"), "muted"))
        top.addWidget(self.method)
        top.addStretch(1)
        for button in (self.look, self.stop):
            top.addWidget(button)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, theme.GRID, theme.GRID, 0)
        column.addLayout(self._rows)
        column.addStretch(1)
        self._rows.setSpacing(theme.GAP)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(top)
        layout.addWidget(self.words)
        layout.addWidget(area, 1)


class ClassCard(QWidget):
    """One class: its average map, its sentence, and a number for each place that opens its images."""

    opened = Signal(str, object)
    enlarged = Signal()

    def __init__(self, habit: ClassHabit) -> None:
        super().__init__()
        self.habit = habit
        self.picture = PicturePane(self.tr("Average map of {}").format(habit.name), self.tr("No map"))
        self.picture.setFixedSize(_SIDE, _SIDE)
        self.picture.show_image(QImage(habit.picture) if Path(habit.picture).is_file() else QImage())
        self.picture.opened.connect(self.enlarged)
        self.sentence = theme.label(habit.sentence, wrap=True)
        self.all = theme.button(self.tr("{:,} images").format(habit.n), "quiet", "image")
        self.all.clicked.connect(lambda: self._open(self.tr("All images of {}").format(habit.name), habit.rows))
        self.numbers = [self._number(place) for place in habit.places]
        self._lay_out()

    def _number(self, place: PlaceHabit) -> QWidget:
        name = {"border": self.tr("Border"), "background": self.tr("Background")}[place.place]
        decided = "–" if place.decided is None else write_percent_tick(round(place.decided, 2))
        button = theme.button(self.tr("{}: {}").format(name, decided), "quiet")
        button.setEnabled(bool(place.rows))
        heading = self.tr("{}: decided by the {}").format(self.habit.name, name.lower())
        button.clicked.connect(lambda: self._open(heading, place.rows))
        button.setToolTip(self._attention(place))
        return button

    def _attention(self, place: PlaceHabit) -> str:
        if place.attention is None:
            return self.tr("No map of this class says anything.")
        low, high = (write_percent(edge) for edge in place.attention_interval)
        return self.tr("{} of the attention (95 % interval {} to {}), on {} of the image").format(
            write_percent(place.attention), low, high, write_percent(place.area)
        )

    def _open(self, heading: str, rows: object) -> None:
        self.opened.emit(heading, rows)

    def _attentions(self) -> str:
        told = [
            self.tr("{} on the {} ({} of the image)").format(
                write_percent_tick(round(place.attention, 2)), place.place, write_percent_tick(round(place.area, 2))
            )
            for place in self.habit.places
            if place.attention is not None
        ]
        return self.tr("Attention: {}.").format(", ".join(told)) if told else self._attention(self.habit.places[0])

    def _lay_out(self) -> None:
        sign, words = theme.label(""), QHBoxLayout()
        symbol, colour = _SIGNS[self.habit.suspicion]
        sign.setPixmap(theme.pixmap(symbol, theme.GRID * 2, colour))
        words.addWidget(theme.label(self.habit.name, "strong"))
        words.addWidget(sign)
        words.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(theme.label(self.tr("Decided by"), "small"))
        for button in (*self.numbers, self.all):
            buttons.addWidget(button)
        buttons.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(theme.HALF)
        right.addLayout(words)
        right.addWidget(self.sentence)
        right.addWidget(theme.label(self._attentions(), "small", wrap=True))
        right.addLayout(buttons)
        right.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(right, 1)


def _methods() -> QComboBox:
    """Every method that draws a map, Grad-CAM first."""
    box = calm(QComboBox())
    box.setMaximumWidth(theme.GRID * 28)
    for name, entry in EXPLANATIONS.items():
        if entry.draws == "map":
            box.addItem(entry.title, name)
    return box
