import pytest

from finetuner.engine.events import SpeedMeasured
from finetuner.gui.pages.backbone.shelf import Shelf, timed
from finetuner.gui.widgets.search_table import NAME
from tests.gui.pages.backbone.rows import row

ROWS = (row("a"), row("b", "on disk"), row("c", licence="cc-by-nc-4.0", permission="non-commercial"))
TOLD = SpeedMeasured(backbone="a", architecture="a", image_size=224, milliseconds=3.0, measured_on="cuda")


@pytest.fixture
def shelf(qtbot) -> Shelf:
    made = Shelf()
    qtbot.addWidget(made)
    made.list(ROWS)
    return made


def names(shelf: Shelf) -> list[str]:
    return [shelf.filter.index(number, 0).data() for number in range(shelf.filter.rowCount())]


def test_boxes_leave_rows_out(shelf):
    shelf.commercial.setChecked(True)
    assert names(shelf) == ["b", "a"]
    shelf.on_disk.setChecked(True)
    assert names(shelf) == ["b"]


def test_a_licence_can_be_searched_for(shelf):
    shelf.line.setText("non-commercial")
    assert names(shelf) == ["c"]


def hidden(shelf: Shelf) -> list[int]:
    return [number for number in range(shelf.model.columnCount()) if shelf.table.isColumnHidden(number)]


def test_in_a_narrow_window_columns_give_way_to_the_names(shelf):
    shelf.show()
    shelf.resize(1016, 400)
    assert hidden(shelf) == []
    shelf.resize(760, 400)
    assert hidden(shelf)
    assert all(shelf.model.columns[number].gives_way for number in hidden(shelf))
    assert shelf.table.columnWidth(0) > NAME - 40
    shelf.resize(1016, 400)
    assert hidden(shelf) == []


def test_a_time_holds_for_the_network_at_its_size_alone():
    assert timed(row("a"), TOLD).milliseconds == 3.0
    assert timed(row("a.tag"), TOLD).milliseconds == 3.0
    assert timed(row("a", input_size=160), TOLD).milliseconds is None
    other = row("b")
    assert timed(other, TOLD) is other
