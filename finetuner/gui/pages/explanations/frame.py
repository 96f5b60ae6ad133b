"""A picture with a caption above and a sentence below: a photo, or what a method makes of it."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.ink import font
from finetuner.gui.widgets.picture_pane import PicturePane
from finetuner.gui.widgets.progress_line import ProgressLine

NARROWEST = theme.GRID * 25


class Frame(QWidget):
    """`opened`: show it large. `entered`: it has the focus. `kept`: Ctrl+S was pressed on it."""

    opened = Signal()
    entered = Signal()
    kept = Signal()

    def __init__(self, name: str, longest: str = "") -> None:
        super().__init__()
        self.caption = theme.label("", "strong")
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.pane = PicturePane(name)
        self.sentence = theme.label("", "small", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = ProgressLine()
        self.head = QHBoxLayout()
        self._foot = QStackedWidget()
        self._longest = longest
        self.pane.opened.connect(self.opened)
        self.pane.installEventFilter(self)
        self.setMinimumWidth(NARROWEST)
        self._lay_out()

    def say(self, caption: str, sentence: str = "", role: str = "small") -> None:
        """What stands above and below."""
        self.caption.setText(caption)
        self.caption.setToolTip(caption)
        self.sentence.setText(sentence)
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
        """Keep room for the longest sentence, so that nothing moves when it arrives."""
        super().resizeEvent(event)
        room = self.rect().adjusted(0, 0, 0, 1000)
        words = QFontMetrics(font("small")).boundingRect(room, Qt.TextFlag.TextWordWrap, self._longest)
        self._foot.setFixedHeight(max(words.height() + theme.HALF, theme.GRID * 4) if self._longest else theme.GRID)

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
