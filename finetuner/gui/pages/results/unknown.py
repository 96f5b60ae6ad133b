"""From where on an image is unknown: the share of known ones that pass, and a try with images of other kinds."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.findings import read_findings
from finetuner.engine.evaluation.strangers import in_words
from finetuner.engine.events import OthersMeasured
from finetuner.engine.run_store.unknown import Unknown
from finetuner.gui import theme
from finetuner.gui.widgets.wheel import calm

LEAST, MOST = 90.0, 99.9


class UnknownLine(QWidget):
    """`wanted(folder)`: learn what is unknown, or, with a folder, try its images. `trouble` when a file refuses."""

    wanted = Signal(object)
    trouble = Signal(str, str)  # sentence, next step

    def __init__(self) -> None:
        super().__init__()
        self.unknown: Unknown | None = None
        self._run: Path | None = None
        self.words = theme.label("", "small", wrap=True)
        self.share = calm(QDoubleSpinBox(minimum=LEAST, maximum=MOST, singleStep=0.5, decimals=1, suffix=" %"))
        self.share.lineEdit().setTextMargins(theme.GRID, 0, 0, 0)
        self.share.setAccessibleName(self.tr("Share of known images that pass"))
        self.share.setToolTip(self.tr("So many new images of the classes are to pass; the others are unknown."))
        self.share.editingFinished.connect(self._ask)
        self.learn = theme.button(self.tr("Learn it"), "", "refresh")
        self.learn.clicked.connect(lambda: self.wanted.emit(None))
        self.against = theme.button(self.tr("Try other images…"), "", "folder")
        self.against.clicked.connect(self._choose)
        self._lay_out()

    def show_run(self, run: Path | None) -> None:
        """Speak of this run from now on, or of what has become known of it."""
        self._run, self.unknown = run, None
        if run is not None:
            try:
                self.unknown = Unknown.load(run)
                self._show(read_findings(run).others)
            except FinetunerError as error:
                self._show(None)
                self.trouble.emit(error.sentence, error.next_step)

    def _show(self, others: OthersMeasured | None) -> None:
        known = self.unknown is not None
        self.share.setVisible(known)
        self.against.setVisible(known)
        self.learn.setVisible(not known)
        if self.unknown is None:
            self.words.setText(self.tr("This run cannot tell images of other kinds apart yet: it was made before."))
            return
        self.share.setValue(self.unknown.known_share * 100)
        told = in_words(self.unknown, others)
        self.words.setText(self.tr("Unknown: {}").format(" ".join(told)))

    def _ask(self) -> None:
        """Keep another share."""
        if self.unknown is None or self._run is None or round(self.unknown.known_share * 100, 1) == self.share.value():
            return
        try:
            self.unknown.asking(round(self.share.value() / 100, 4)).save(self._run)
        except OSError as error:
            self.trouble.emit(self.tr("The share could not be kept: {}.").format(error.strerror), str(self._run))
        self.show_run(self._run)

    def _choose(self) -> None:
        words = self.tr("Choose a folder of images that show none of the classes")
        chosen = QFileDialog.getExistingDirectory(self, words)
        if chosen:
            self.wanted.emit(Path(chosen))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        row.addWidget(self.share)
        row.addWidget(self.learn)
        row.addWidget(self.against)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(self.words)
        column.addLayout(row)
