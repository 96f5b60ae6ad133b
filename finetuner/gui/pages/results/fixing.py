"""The bar under the images: what can be said of those that are selected, and what follows from all that was said."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.results.labels import Labels

_NUMBER_KEYS = 9


class FixBar(QWidget):
    """`selected()` names the images that are meant; `refit` and `saving`: what shall come of it.

    Its keys hold within `around`: in a table beside it, a 2 or Delete is what it is there.
    """

    refit = Signal()
    saving = Signal()

    def __init__(self, labels: Labels, selected: Callable[[], list[str]], around: QWidget) -> None:
        super().__init__()
        self.labels, self._selected, self._around = labels, selected, around
        self.menu = QMenu(self)
        self.label_button = theme.button(self.tr("Label…"), "quiet")
        self.label_button.setMenu(self.menu)
        self.out = self._button(self.tr("Leave out"), lambda: labels.leave_out(selected()), "Delete")
        self.hard = self._button(self.tr("Hard"), lambda: labels.mark_hard(selected()), "H")
        self.undo = self._button(self.tr("Undo"), labels.stack.undo, QKeySequence.StandardKey.Undo)
        self.redo = self._button(self.tr("Redo"), labels.stack.redo, QKeySequence.StandardKey.Redo)
        self.summary = theme.label("", "small", wrap=True)
        self.save = self._button(self.tr("Save list…"), self.saving.emit)
        self.again = theme.button(self.tr("Fit again"), "primary", "improve")
        self.again.clicked.connect(self.refit)
        self._numbers = [self._number_key(number) for number in range(_NUMBER_KEYS)]
        self._lay_out()
        labels.changed.connect(self.refresh)
        labels.stack.indexChanged.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Follow the selection and what was said."""
        known = any(self.labels.knows(source) for source in self._selected())
        for button in (self.label_button, self.out, self.hard):
            button.setEnabled(known)
        self.undo.setEnabled(self.labels.stack.canUndo())
        self.redo.setEnabled(self.labels.stack.canRedo())
        pending = self.labels.pending
        self._below.setVisible(bool(pending) or self.labels.stack.count() > 0)
        self.again.setEnabled(bool(pending))
        self.save.setEnabled(bool(self.labels.corrections.images))
        self.summary.setText(self._in_words(len(pending)))
        self._fill_menu()

    def _in_words(self, pending: int) -> str:
        if not pending:
            return self.tr("The model knows all corrections.")
        if pending == 1:
            return self.tr("One correction that the model does not know yet.")
        return self.tr("{:,} corrections that the model does not know yet.").format(pending)

    def _fill_menu(self) -> None:
        if [action.data() for action in self.menu.actions()] == list(self.labels.classes):
            return
        self.menu.clear()
        for number, name in enumerate(self.labels.classes):
            shown = theme.plain(name)
            words = f"{shown}\t{number + 1}" if number < _NUMBER_KEYS else shown
            self.menu.addAction(words, partial(self._relabel, name)).setData(name)

    def _relabel(self, name: str) -> None:
        self.labels.relabel(self._selected(), name)

    def _number_key(self, number: int) -> QShortcut:
        shortcut = self._key(QKeySequence(str(number + 1)))
        shortcut.activated.connect(partial(self._label_by_number, number))
        return shortcut

    def _key(self, keys: QKeySequence) -> QShortcut:
        shortcut = QShortcut(keys, self._around)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return shortcut

    def _label_by_number(self, number: int) -> None:
        if number < len(self.labels.classes):
            self._relabel(self.labels.classes[number])

    def _button(
        self, words: str, slot: Callable[[], object], key: str | QKeySequence.StandardKey | None = None
    ) -> QPushButton:
        button = theme.button(words, "quiet")
        button.clicked.connect(lambda: slot())
        if key is not None:
            self._key(QKeySequence(key)).activated.connect(button.click)
            button.setToolTip(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText))
        return button

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(theme.label(self.tr("Selected images:"), "small"))
        for button in (self.label_button, self.out, self.hard):
            above.addWidget(button)
        above.addStretch(1)
        for button in (self.undo, self.redo):
            above.addWidget(button)
        self._below = QWidget()
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.summary, 1)
        for button in (self.save, self.again):
            below.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(above)
        layout.addWidget(self._below)
