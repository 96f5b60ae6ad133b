import pytest
from PySide6.QtCore import Qt

from finetuner.gui.widgets.rows_model import Column
from finetuner.gui.widgets.search_table import SearchTable

COLUMNS = (
    Column("Name", lambda row: row[0]),
    Column("ms", lambda row: "" if row[1] is None else f"{row[1]}", lambda row: row[1], number=True, widest="888"),
)
ROWS = [("a", None), ("b", 20), ("c", 3), ("d", None)]


@pytest.fixture
def table(qtbot) -> SearchTable:
    made = SearchTable(COLUMNS, "Search", said=lambda row: f"{row[0]} {'timed' if row[1] else 'untimed'}")
    qtbot.addWidget(made)
    made.show_rows(ROWS)
    return made


def shown(table: SearchTable) -> str:
    return "".join(table.filter.index(row, 0).data() for row in range(table.filter.rowCount()))


@pytest.mark.parametrize(("order", "names"), [("AscendingOrder", "cbad"), ("DescendingOrder", "bcad")])
def test_blanks_come_last_both_ways(table, order, names):
    table.table.sortByColumn(1, Qt.SortOrder[order])
    assert shown(table) == names


def test_the_search_looks_in_what_is_said_of_a_row(table):
    table.line.setText("untimed")
    assert shown(table) == "ad"
    table.line.setText("20")
    assert shown(table) == ""


def test_a_row_that_changes_finds_its_new_place_and_stays_selected(qtbot, table):
    table.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    table.choose(lambda row: row[0] == "d")
    table.change(lambda row: ("d", 1) if row[0] == "d" else row)
    assert shown(table) == "dcba"
    (selected,) = table.table.selectionModel().selectedRows()
    assert selected.data() == "d"
