"""A picture with a caption above and a sentence below: a photo, or what a method makes of it."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.explanations import words
from finetuner.gui.widgets.ink import font
from finetuner.gui.widgets.picture_pane import PicturePane
from finetuner.gui.widgets.progress_line import ProgressLine

NARROWEST = theme.GRID * 25


class Frame(QWidget):
    """`opened`: show it large. `entered`: it has the focus. `kept`: Ctrl+S was pressed on it."""

    opened = Signal()
    entered = Signal()
    kept = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.caption = theme.label("", "strong")
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.pane = PicturePane(name)
        self.sentence = theme.label("", "small", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # room is kept below
        self.progress = ProgressLine()
        self.head = QHBoxLayout()
        self._foot = QStackedWidget()
        self._caption = ""
        self.pane.opened.connect(self.opened)
        self.pane.installEventFilter(self)
        self.setMinimumWidth(NARROWEST)
        self._lay_out()

    def say(self, caption: str, sentence: str = "", role: str = "small") -> None:
        """What stands above and below."""
        self._caption = caption
        self.caption.setToolTip(caption)
        self._elide()
        self.sentence.setText(sentence)
        self.sentence.setToolTip(sentence)
        theme.set_role(self.sentence, role)
        self.pane.setAccessibleDescription(sentence)

    def show_activity(self, activity: str, done: int = 0, total: int | None = None) -> None:
        """Something moves below the picture."""
        self.progress.show_progress(activity, done, total)
        self._foot.setCurrentWidget(self.progress)

    def rest(self) -> None:
        """The sentence again."""
        self.progress.finish()
        self._foot.setCurrentWidget(self.sentence)

    def fit(self, width: int, height: int) -> None:
        """Share a height out; below the picture there is room for the longest sentence, so that nothing moves."""
        foot = foot_height(width)
        self._foot.setFixedHeight(foot)
        self.pane.setFixedHeight(height - foot - theme.CONTROL - 2 * theme.HALF)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Save):
            self.kept.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        buttons = [button for button in self.findChildren(QToolButton) if not button.isHidden()]
        room = self.width() - sum(button.sizeHint().width() + theme.HALF for button in buttons)
        metrics = self.caption.fontMetrics()
        self.caption.setText(metrics.elidedText(self._caption, Qt.TextElideMode.ElideMiddle, room))

    def _lay_out(self) -> None:
        self.head.addWidget(self.caption, 1)
        self.head.setSpacing(theme.HALF)
        row = QWidget()
        row.setFixedHeight(theme.CONTROL)
        row.setLayout(self.head)
        self.head.setContentsMargins(0, 0, 0, 0)
        for part in (self.sentence, self.progress):
            self._foot.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addWidget(row)
        column.addWidget(self.pane, 1)
        column.addWidget(self._foot)


def foot_height(width: int) -> int:
    """What the longest sentence needs."""
    room = QRect(0, 0, width, 1000)
    needed = QFontMetrics(font("small")).boundingRect(room, Qt.TextFlag.TextWordWrap, words.longest_verdict())
    return needed.height() + theme.HALF


def height_of(width: int, picture: int) -> int:
    """The height of a frame whose picture is to be so high."""
    return picture + foot_height(width) + theme.CONTROL + 2 * theme.HALF
