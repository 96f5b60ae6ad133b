"""Bars, progress, tiles, cards, drop zone, table: what they say and what they do."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QPaintEvent

from finetuner.gui.widgets.choice_card import ChoiceCards
from finetuner.gui.widgets.drop_zone import DropZone
from finetuner.gui.widgets.metric_tile import MetricTile
from finetuner.gui.widgets.picture_strip import PictureStrip
from finetuner.gui.widgets.probability_bars import ProbabilityBars
from finetuner.gui.widgets.progress_line import ProgressLine, write_duration
from finetuner.gui.widgets.rows_model import Column
from finetuner.gui.widgets.search_table import SearchTable
from finetuner.gui.widgets.stacked_bars import StackedBars


def test_bars_are_chosen_by_keys(qtbot):
    bars = StackedBars("Images per class")
    qtbot.addWidget(bars)
    bars.show_counts({"ants": (80, 20), "bees": (60, 15)}, ("train", "val"))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(bars, key)
    assert bars.accessibleDescription() == "bees: 60 train, 15 val"
    with qtbot.waitSignal(bars.chosen) as chosen:
        qtbot.keyClick(bars, Qt.Key.Key_Return)
    assert chosen.args == ["bees"]


def test_bars_slide_to_where_they_belong(qtbot):
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.show_top([("bee", 0.97), ("ant", 0.02), ("fly", 0.01), ("cat", 0.0)])
    assert len(bars.top) == 3
    qtbot.waitUntil(lambda: bars._shown.get("bee") == pytest.approx(0.97))


class Watched(ProbabilityBars):
    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.done.append("painted")

    def _paint_row(self, *arguments: Any) -> None:
        super()._paint_row(*arguments)
        self.done.append(arguments[2])


def test_bars_are_drawn_before_they_ask_whether_they_are_wanted_and_painted_at_once(qtbot):
    bars = Watched()
    qtbot.addWidget(bars)
    with qtbot.waitExposed(bars):
        bars.show()
    bars.done.clear()
    assert bars.show_top([("bee", 0.97), ("ant", 0.03)], wanted=lambda: bars.done.append("asked") is None)
    assert bars.done == ["bee", "ant", "asked", "painted", "asked"]
    before = bars.top, bars.accessibleDescription(), bars.grab().toImage()
    for answers in ([False], [True, False]):
        assert not bars.show_top([("fly", 0.97)], wanted=iter(answers).__next__)
    assert (bars.top, bars.accessibleDescription(), bars.grab().toImage()) == before


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0 s"), (8.4, "8 s"), (125, "2 min 05 s"), (59.6, "1 min 00 s"), (12_000, "3 h 20 min")]
)
def test_a_duration_reads_at_a_glance(seconds: float, text: str):
    assert write_duration(seconds) == text


def test_progress_moves_while_shown_and_rests_when_finished(qtbot):
    line = ProgressLine()
    qtbot.addWidget(line)
    line.show_progress("Training", 30, 120, 51.2, 95.0, "images")
    assert line.accessibleDescription() == "Training 30 of 120  ·  51 images/s  ·  1 min 35 s left"
    before = line.grab().toImage()
    qtbot.waitUntil(lambda: line.grab().toImage() != before)
    line.finish()
    assert not line.isVisible()
    assert not line._clock.isActive()


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ((3_400_000, 14_200_000, 1_800_000.0, 6.0), "3.4 of 14.2 MB  ·  1.8 MB/s  ·  6 s left"),
        ((3_400_000, None, 0.0, None), "3.4 MB  ·  0.0 MB/s"),
    ],
)
def test_bytes_are_shown_as_megabytes(qtbot, figures, text):
    line = ProgressLine()
    qtbot.addWidget(line)
    line.show_progress("Downloading", *figures, "bytes")
    assert line.figures_text == text


def test_paused_progress_stands_still(qtbot):
    line = ProgressLine()
    qtbot.addWidget(line)
    line.show_progress("Training", 1, 2)
    line.pause("Paused")
    still = line.grab().toImage()
    line._tick()
    assert line.grab().toImage() == still
    assert line.accessibleDescription() == "Paused"


def test_a_tile_is_read_as_one_sentence(qtbot):
    tile = MetricTile("Accuracy")
    qtbot.addWidget(tile)
    tile.show_value("94.8 %", "n = 153")
    assert tile.accessibleName() == "Accuracy: 94.8 % n = 153"


def test_choosing_a_card_is_told_and_showing_one_is_not(qtbot):
    cards = ChoiceCards({"probe": ("Probe", "The head learns."), "full": ("Full", "All learns.")})
    qtbot.addWidget(cards)
    cards.show()
    with qtbot.assertNotEmitted(cards.chosen):
        cards.choose("full")
    with qtbot.waitSignal(cards.chosen) as chosen:
        qtbot.mouseClick(cards.cards["probe"], Qt.MouseButton.LeftButton)
    assert chosen.args == ["probe"]
    assert not cards.cards["full"].isChecked()


def test_a_dropped_folder_arrives_as_a_path(qtbot, tmp_path: Path):
    zone = DropZone("Drop a folder", "here")
    qtbot.addWidget(zone)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path)), QUrl("https://example.org/x.jpg")])
    copy, none, left = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    with qtbot.waitSignal(zone.dropped) as dropped:
        zone.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, none))
    assert dropped.args == [[tmp_path]]


def test_a_strip_fits_its_pictures_into_the_width(qtbot):
    strip = PictureStrip(6, "Previews")
    qtbot.addWidget(strip)
    strip.resize(520, 50)
    strip.show()
    assert strip.side(520) * 6 <= 520
    assert strip.height() == strip.side(520)


@pytest.fixture
def table(qtbot) -> SearchTable:
    columns = (Column("Name", lambda row: row[0]), Column("Size", lambda row: f"{row[1]} M", lambda row: row[1]))
    made = SearchTable(columns, "Search")
    qtbot.addWidget(made)
    made.show_rows([("resnet18", 11), ("resnet50", 25), ("vit", 5)])
    return made


def shown(table: SearchTable) -> list[str]:
    return [table.filter.index(row, 0).data() for row in range(table.filter.rowCount())]


def test_every_word_must_be_found_in_some_column(table):
    table.line.setText("RES 25")
    assert shown(table) == ["resnet50"]
    assert table.count.text() == "1 of 3"


def test_numbers_sort_as_numbers(table):
    table.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert shown(table) == ["vit", "resnet18", "resnet50"]


def test_the_chosen_row_is_the_value_itself(qtbot, table):
    with qtbot.waitSignal(table.chosen) as chosen:
        assert table.choose(lambda row: row[0] == "vit")
    assert chosen.args == [("vit", 5)]
    assert not table.choose(lambda row: row[0] == "alexnet")


def test_rows_can_be_kept_out(table):
    table.keep(lambda row: row[1] > 10)
    assert shown(table) == ["resnet18", "resnet50"]
