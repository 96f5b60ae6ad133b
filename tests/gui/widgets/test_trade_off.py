import pytest
from PySide6.QtCore import QPoint, Qt

from finetuner.gui.widgets.trade_off import Point, TradeOff

POINTS = (
    Point("small", 3, 0.86, 0.81, 0.90),
    Point("beaten", 14, 0.93, 0.89, 0.96),
    Point("middle", 12, 0.95, 0.91, 0.97),
    Point("large", 90, 0.98, 0.95, 0.99),
)


@pytest.fixture
def chart(qtbot):
    made = TradeOff("Accuracy against time", "ms per image", "Nothing was tried yet.")
    qtbot.addWidget(made)
    made.resize(560, 260)
    made.show()
    made.show_points(POINTS, ("small", "middle", "large"), "middle")
    return made


@pytest.fixture
def picked(chart):
    names = []
    chart.chosen.connect(names.append)
    return names


def test_dearer_lies_further_right_and_better_higher(chart):
    small, beaten, middle, large = (chart.place(point) for point in POINTS)
    assert small.x() < middle.x() < beaten.x() < large.x()
    assert small.y() > beaten.y() > middle.y() > large.y()
    assert all(chart.plot_rect().contains(place) for place in (small, beaten, middle, large))


def test_a_click_picks_the_point_it_meets_and_no_other(chart, picked, qtbot):
    at = chart.place(POINTS[1]).toPoint()
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at + QPoint(3, 2))
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(60, 200))
    assert picked == ["beaten"]
    assert chart.selected == "beaten"


def test_the_arrow_keys_walk_by_cost(chart, picked, qtbot):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(chart, key)
    assert picked == ["beaten", "large", "large", "beaten"]


def test_the_mouse_over_a_point_writes_its_name(chart, qtbot):
    before = chart.grab().toImage()
    qtbot.mouseMove(chart, chart.place(POINTS[1]).toPoint())
    assert chart.cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert chart.grab().toImage() != before


def test_it_tells_itself_in_words(chart):
    assert chart.accessibleDescription().startswith("small 86.0\u202f%, 3 ms per image, middle")


def test_empty_it_says_what_it_waits_for(chart):
    chart.show_points((), ())
    assert chart.in_words() == "Nothing was tried yet."
    assert not chart.grab().isNull()
