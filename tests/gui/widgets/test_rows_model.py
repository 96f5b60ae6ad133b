import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from finetuner.gui.widgets.rows_model import Column, RowsModel

COLUMNS = (
    Column("Name", lambda row: row[0], symbol=lambda row: "warning" if row[0] == "vit" else ""),
    Column("Size", lambda row: f"{row[1]}", lambda row: row[1], number=True, tip="In millions"),
)


@pytest.fixture
def parent(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def model(parent) -> RowsModel:
    made = RowsModel(COLUMNS, parent)
    made.replace([("resnet18", 11), ("vit", 5)])
    return made


def test_a_title_explains_itself(model):
    titles = [model.headerData(number, Qt.Orientation.Horizontal) for number in range(2)]
    tips = [model.headerData(number, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for number in range(2)]
    assert (titles, tips) == (["Name", "Size"], ["Name", "In millions"])


def test_an_icon_stands_where_the_column_wants_one(model):
    icons = [model.data(model.index(row, 0), Qt.ItemDataRole.DecorationRole) for row in range(2)]
    assert [icon is not None for icon in icons] == [False, True]
    assert model.data(model.index(1, 1), Qt.ItemDataRole.DecorationRole) is None


def test_only_rows_that_change_are_told_of(model):
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.column())))
    model.change(lambda row: ("vit", 6) if row[0] == "vit" else row)
    assert (model.rows, told) == ([("resnet18", 11), ("vit", 6)], [(1, 1)])
