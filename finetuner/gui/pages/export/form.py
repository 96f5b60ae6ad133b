"""Which format, where to, by whom."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from finetuner.engine.exporters import EXPORTERS
from finetuner.engine.exporters.availability import lack
from finetuner.engine.requests import ExportRequest
from finetuner.gui import theme
from finetuner.gui.pages.export import formats

_INDENT = theme.GRID * 3


class ExportForm(QWidget):
    """Gives an ExportRequest. `changed` when anything was."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._run: Path | None = None
        self._group = QButtonGroup(self)
        self.choices = {name: self._choice(name) for name in EXPORTERS}
        self._sentences = {name: _sentence(name) for name in EXPORTERS}
        self.place = QLineEdit(accessibleName=self.tr("Where to write"))
        self.author = QLineEdit(accessibleName=self.tr("Author"), placeholderText=self.tr("Kept in the file"))
        self.samples = QCheckBox(self.tr("Show a few of my validation images"), checked=True)
        self._hint = theme.label("", "small", wrap=True)
        self._hint.hide()
        self._fill()
        next(iter(self.choices.values())).setChecked(True)
        self._suggest()
        self._group.buttonClicked.connect(self._suggest)
        self.place.textChanged.connect(self._on_place)

    @property
    def format(self) -> str:
        """The chosen format's name in EXPORTERS."""
        return next(name for name, choice in self.choices.items() if choice.isChecked())

    @property
    def ready(self) -> bool:
        """Whether an export can start."""
        return self._run is not None and bool(self.place.text().strip())

    def show_run(self, run: Path) -> None:
        """Export this run; its file goes next to it unless another place is chosen."""
        self._run = run
        self._suggest()

    def request(self) -> ExportRequest:
        """The export that the form describes."""
        assert self._run is not None, "show_run comes first"
        place = Path(self.place.text().strip()).expanduser()
        author, samples = self.author.text().strip(), self.samples.isChecked()
        return ExportRequest(run=self._run, format=self.format, out=place, author=author, samples=samples)

    def choose_place(self) -> None:
        """Ask where to write."""
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Export to"), self.place.text())
        if chosen:
            self.place.setText(chosen)

    def _suggest(self) -> None:
        for name, choice in self.choices.items():
            self._sentences[name].setVisible(choice.isChecked() or not choice.isEnabled())
        self.samples.setVisible(formats.about(self.format).samples)
        if self._run is not None:
            self.place.setText(str(formats.suggested(self._run, self.format)))
            self.place.setCursorPosition(len(self.place.text()))

    def _on_place(self, text: str) -> None:
        there = bool(text.strip()) and Path(text.strip()).is_file()
        self._hint.setText(self.tr("This file is there already; a verified one takes its place.") if there else "")
        self._hint.setVisible(there)
        self.changed.emit()

    def _choice(self, name: str) -> QRadioButton:
        known, missing = formats.about(name), lack(name)
        made: QRadioButton = QRadioButton(known.title)
        sentence = QCoreApplication.translate("Formats", known.sentence)
        made.setAccessibleDescription(f"{sentence} {missing or ''}".strip())
        made.setToolTip(made.accessibleDescription())
        made.setEnabled(missing is None)
        self._group.addButton(made)
        return made

    def _fill(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(theme.label(self.tr("Format"), "heading"))
        for name, choice in self.choices.items():
            column.addWidget(choice)
            column.addWidget(self._sentences[name])
        column.addLayout(_indented(self.samples))
        column.addSpacing(theme.GAP)
        column.addWidget(theme.label(self.tr("Where to write"), "heading"))
        column.addLayout(self._place_row())
        column.addWidget(self._hint)
        column.addSpacing(theme.GRID)
        column.addWidget(theme.label(self.tr("Author"), "heading"))
        column.addWidget(self.author)
        column.addStretch(1)

    def _place_row(self) -> QHBoxLayout:
        browse = theme.button(self.tr("Choose…"))
        browse.clicked.connect(self.choose_place)
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        row.addWidget(self.place, 1)
        row.addWidget(browse)
        return row


def _sentence(name: str) -> QLabel:
    """What a format is good for, shown while it is chosen; of one that cannot be chosen, what it lacks."""
    known = QCoreApplication.translate("Formats", formats.about(name).sentence)
    made = theme.label(str(lack(name) or known), "small", wrap=True)
    made.setContentsMargins(_INDENT, 0, 0, theme.GRID)
    return made


def _indented(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(_INDENT, 0, 0, theme.GRID)
    row.addWidget(widget)
    return row
