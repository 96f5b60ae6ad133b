from pytestqt.qtbot import QtBot

from finetuner.gui.widgets.metric_tile import MetricTile

NOTE = "95 % interval 77.8 – 94.2 %, n = 60"


def tile(qtbot: QtBot, width: int, note: str = NOTE) -> MetricTile:
    made = MetricTile("Accuracy")
    qtbot.addWidget(made)
    made.show_value("88.3 %", note)
    made.resize(width, 100)
    made.show()
    return made


def test_a_note_that_is_too_long_for_a_line_takes_more(qtbot: QtBot):
    wide, narrow = tile(qtbot, 600), tile(qtbot, 150)
    line = wide.height() - tile(qtbot, 600, note="").height()
    assert line > 8
    assert narrow.height() > wide.height() + line / 2


def test_a_tile_that_is_made_wider_gives_lines_back(qtbot: QtBot):
    made = tile(qtbot, 150)
    narrow = made.height()
    made.resize(600, narrow)
    assert made.height() < narrow == tile(qtbot, 150).height()
