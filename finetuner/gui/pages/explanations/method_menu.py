"""The drop-down of methods, under the questions that they answer."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox

from finetuner.engine.explanations import EXPLANATIONS, GROUPS
from finetuner.gui.pages.explanations import words


class MethodMenu(QComboBox):
    """Its data are the names of EXPLANATIONS; headings have none, and cannot be chosen."""

    def __init__(self) -> None:
        super().__init__(accessibleName=QCoreApplication.translate("Methods", "Method"))
        for group, question in GROUPS.items():
            names = [name for name, entry in EXPLANATIONS.items() if entry.group == group]
            if names:
                self._add_heading(QCoreApplication.translate("Methods", question))
            for name in names:
                self.addItem(words.title(name), name)
        self.setCurrentIndex(self.findData(next(iter(EXPLANATIONS))))

    def _add_heading(self, question: str) -> None:
        if self.count():
            self.insertSeparator(self.count())
        self.addItem(question)
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.item(self.count() - 1).setEnabled(False)
