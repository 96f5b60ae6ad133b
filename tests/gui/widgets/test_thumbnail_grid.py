from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage

from finetuner.gui.widgets.ink import font
from finetuner.gui.widgets.thumbnail_grid import LINE, Picture, ThumbnailGrid, folded


def red(key: str, side: int) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    return image


@pytest.fixture
def make_grid(qtbot) -> Callable[..., ThumbnailGrid]:
    def make(count: int, load=red) -> ThumbnailGrid:
        grid = ThumbnailGrid(load, side=100)
        qtbot.addWidget(grid, before_close_func=lambda grid: grid.pictures.close())
        grid.resize(500, 400)
        grid.pictures.replace([Picture(f"{number}.jpg", "ants") for number in range(count)])
        grid.show()
        return grid

    return make


def test_thumbnails_arrive_and_are_shown(qtbot, make_grid):
    grid = make_grid(3)
    centre = grid.visualRect(grid.pictures.index(1, 0)).center()
    qtbot.waitUntil(lambda: grid.viewport().grab().toImage().pixelColor(centre) == QColor("red"))


def test_only_what_is_seen_is_loaded(qtbot, make_grid):
    asked: set[str] = set()

    def load(key: str, side: int) -> QImage:
        asked.add(key)
        return red(key, side)

    grid = make_grid(60_000, load)
    grid.grab()
    qtbot.waitUntil(lambda: "0.jpg" in asked)
    grid.pictures.close()
    assert len(asked) < 40


def test_an_unreadable_file_is_asked_for_once(qtbot, make_grid):
    asked: list[str] = []

    def load(key: str, side: int) -> QImage:
        asked.append(key)
        return QImage()

    grid = make_grid(1, load)
    grid.grab()
    qtbot.waitUntil(lambda: grid.pictures.thumbnail(0, grid.pixels()) is not None)
    grid.grab()
    grid.pictures.close()
    assert asked == ["0.jpg"]


def test_the_end_of_sixty_thousand_is_a_key_away(qtbot, make_grid):
    grid = make_grid(60_000)
    grid.setCurrentIndex(grid.pictures.index(0, 0))
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert grid.currentIndex().row() == 59_999
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))


def test_arrows_move_by_one_and_by_a_row(qtbot, make_grid):
    grid = make_grid(50)
    grid.setCurrentIndex(grid.pictures.index(0, 0))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(grid, key)
    assert grid.currentIndex().row() == 1 + grid.columns()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_key_opens_the_current_picture(qtbot, make_grid, key):
    grid = make_grid(5)
    grid.setCurrentIndex(grid.pictures.index(2, 0))
    with qtbot.waitSignal(grid.opened) as opened:
        qtbot.keyClick(grid, key)
    assert opened.args == [2]


def test_a_click_selects_and_shift_extends(qtbot, make_grid):
    grid = make_grid(12)
    for row, modifier in ((1, Qt.KeyboardModifier.NoModifier), (6, Qt.KeyboardModifier.ShiftModifier)):
        spot = grid.visualRect(grid.pictures.index(row, 0)).center()
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifier, spot)
    assert grid.selected_rows() == [1, 2, 3, 4, 5, 6]


def test_every_cell_is_found_where_it_is_drawn(make_grid):
    grid = make_grid(23)
    for row in range(23):
        index = grid.pictures.index(row, 0)
        assert grid.indexAt(grid.visualRect(index).center()) == index
    assert not grid.indexAt(QPoint(10, 5000)).isValid()


def test_streamed_pictures_lengthen_the_scroll_bar(make_grid):
    grid = make_grid(4)
    assert grid.verticalScrollBar().maximum() == 0
    grid.pictures.append([Picture(f"more {number}", "bees") for number in range(300)])
    assert grid.verticalScrollBar().maximum() > 1000
    assert grid.pictures.rowCount() == 304


def test_what_is_painted_is_what_is_in_sight(make_grid):
    grid = make_grid(60_000)
    assert len(grid.visible_rows(QRect(0, 0, 500, 400))) <= 5 * grid.columns()


@pytest.mark.parametrize(
    ("caption", "lines", "expected"),
    [
        ("fish", 2, ["fish"]),
        ("fish → butterfly", 1, ["fish …erfly"]),
        ("fish → butterfly", 2, ["fish →", "butterfly"]),
        ("leaf → fish", 2, ["leaf → fish"]),
    ],
)
def test_a_caption_takes_a_second_line_before_it_is_elided(qtbot, caption, lines, expected):
    metrics = QFontMetricsF(font("small"))
    room = metrics.horizontalAdvance("fish …erfly") + 1
    assert folded(caption, metrics, room, lines) == expected


def test_a_second_line_of_captions_has_room(qtbot):
    one, two = (ThumbnailGrid(red, side=100, lines=lines) for lines in (1, 2))
    for grid in (one, two):
        qtbot.addWidget(grid, before_close_func=lambda grid: grid.pictures.close())
        grid.resize(500, 400)
    assert two.line_height() == one.line_height() + LINE
