"""The split: how many images validate, drawn with which seed; or that the data set brings its own."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFormLayout, QLabel, QSpinBox, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.page import Section
from finetuner.gui.session import Session
from finetuner.gui.widgets.wheel import calm


class SplitForm(Section):
    """Changes the draft's validation share and seed; shows only words when the data set is already divided."""

    def __init__(self, session: Session) -> None:
        super().__init__(QCoreApplication.translate("SplitForm", "Validation"))
        self._session = session
        self.words = theme.label("", "muted", wrap=True)
        self.share = calm(QSpinBox(minimum=5, maximum=50, singleStep=5, suffix=" %", keyboardTracking=False))
        self.seed = calm(QSpinBox(maximum=2**31 - 1, keyboardTracking=False))
        self._fields = self._arranged()
        self.add(self.words)
        self.add(self._fields)
        self.show_draft()
        self.share.valueChanged.connect(lambda share: session.change_job(val_split=share / 100))
        self.seed.valueChanged.connect(lambda seed: session.change_job(seed=seed))

    def show_draft(self) -> None:
        """Show what the draft says."""
        for field, value in (
            (self.share, round(self._session.job.data.val_split * 100)),
            (self.seed, self._session.job.compute.seed),
        ):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)

    def show_given(self, given: bool) -> None:
        """Whether the data set brings its own division."""
        self._fields.setVisible(not given)
        self.words.setText(
            self.tr("The data set brings its own validation images.")
            if given
            else self.tr("Drawn from each class. Images that look alike stay together, so the score stays honest.")
        )

    def _arranged(self) -> QWidget:
        made = QWidget()
        rows = QFormLayout(made)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(theme.GAP)
        rows.setVerticalSpacing(theme.GRID)
        for words, field in ((self.tr("Share"), self.share), (self.tr("Seed"), self.seed)):
            field.setFixedWidth(theme.GRID * 14)
            field.lineEdit().setTextMargins(theme.GRID, 0, 0, 0)
            field.setAccessibleName(self.tr("Validation: {}").format(words))
            label = QLabel(words)
            label.setMinimumSize(theme.GRID * 8, theme.CONTROL)
            rows.addRow(label, field)
        return made
