"""What mistakes cost: a table of true class by answer, and what *unsure* costs."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QHBoxLayout, QTableView, QVBoxLayout, QWidget

from finetuner.engine.run_store.thresholds import Costs
from finetuner.gui import theme
from finetuner.gui.widgets.wheel import calm

Index = QModelIndex | QPersistentModelIndex
MOST = 1e6
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CostModel(QAbstractTableModel):
    """Rows are true classes, columns answers. `pairs` holds the cells that were set; `wrong` stands in the others."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = ()
        self.wrong = 0.0
        self.pairs: dict[str, dict[str, float]] = {}

    def replace(self, classes: Sequence[str], costs: Costs) -> None:
        """Show these costs."""
        self.beginResetModel()
        self.classes, self.wrong = tuple(classes), costs.wrong
        self.pairs = {truth: dict(row) for truth, row in costs.pairs.items()}
        self.endResetModel()

    def set_wrong(self, value: float) -> None:
        """What a mistake costs where nothing else is said."""
        self.wrong = value
        last = len(self.classes) - 1
        self.dataChanged.emit(self.index(0, 0), self.index(last, last))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.classes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return self.rowCount(parent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        truth, answer = self.classes[index.row()], self.classes[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return "0" if truth == answer else f"{self.pairs.get(truth, {}).get(answer, self.wrong):g}"
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("{} taken for {}").format(truth, answer)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A number from 0 on; empty: as all the others."""
        truth, answer = self.classes[index.row()], self.classes[index.column()]
        words = str(value).strip().replace(",", ".")
        row = {name: cost for name, cost in self.pairs.get(truth, {}).items() if name != answer}
        try:
            row |= {answer: float(words)} if words else {}
        except ValueError:
            return False
        if not 0 <= row.get(answer, 0.0) <= MOST:
            return False
        self.pairs[truth] = row
        self.dataChanged.emit(index, index)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        known = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.NoItemFlags if index.row() == index.column() else known | Qt.ItemFlag.ItemIsEditable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return _RIGHT
        return self.classes[section] if role == Qt.ItemDataRole.DisplayRole else None


class CostForm(QWidget):
    """`proposed`: the thresholds of least cost are wanted; `left`: back to the sliders."""

    proposed = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.unsure, self.wrong = (_spin(self.tr("Cost of being unsure")), _spin(self.tr("Cost of a mistake")))
        self.model = CostModel(self)
        self.wrong.valueChanged.connect(self.model.set_wrong)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("Cost by true class and answer"))
        self.propose = theme.button(self.tr("Propose thresholds"), "", "improve")
        self.propose.clicked.connect(self.proposed)
        self.back = theme.button(self.tr("Back to the sliders"), "quiet", "chevron-left")
        self.back.clicked.connect(self.left)
        self._lay_out()

    def show_classes(self, classes: Sequence[str], costs: Costs | None) -> None:
        """Ask for what these cost."""
        known = costs or Costs()
        self.model.replace(classes, known)
        self.unsure.setValue(known.unsure)
        self.wrong.setValue(known.wrong)

    def costs(self) -> Costs:
        """What was filled in."""
        pairs = {truth: row for truth, row in self.model.pairs.items() if row}
        return Costs(unsure=self.unsure.value(), wrong=self.wrong.value(), pairs=pairs)

    def _lay_out(self) -> None:
        words = self.tr(
            "In any unit: money, minutes, or how bad it is. The thresholds of least expected cost are proposed from the"
            " probabilities of the validation images."
        )
        form = QFormLayout()
        form.addRow(self.tr("Unsure costs"), self.unsure)
        form.addRow(self.tr("A mistake costs"), self.wrong)
        buttons = QHBoxLayout()
        buttons.addWidget(self.propose)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(theme.label(words, "small", wrap=True))
        layout.addLayout(form)
        exceptions = self.tr("Exceptions: rows are the true class, columns the answer. Empty a cell to undo it.")
        layout.addWidget(theme.label(exceptions, "small", wrap=True))
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)


def _spin(name: str) -> QDoubleSpinBox:
    made = calm(QDoubleSpinBox(maximum=MOST, decimals=2, accessibleName=name))
    made.setFixedWidth(theme.GRID * 16)
    return made
