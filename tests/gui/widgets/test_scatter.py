from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from finetuner.gui.widgets.scatter import Dot, Scatter
from finetuner.gui.widgets.scatter_view import ScatterView, fractions

POINTS = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0], [5.0, 5.0]])
ROOM = QRectF(20, 20, 400, 300)


def orange(key: str, side: int) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("orange"))
    return image


@pytest.fixture
def scatter(qtbot: QtBot) -> Iterator[Scatter]:
    made = Scatter("Map", orange, "Nothing yet.")
    qtbot.addWidget(made)
    made.resize(440, 340)
    made.show()
    made.show_dots([Dot(f"{row}.png", f"image {row}", row % 2) for row in range(5)], POINTS, ("ants", "bees"))
    yield made
    made.close_loader()


def at(scatter: Scatter, row: int) -> QPoint:
    return QPointF(*scatter.places()[row].tolist()).toPoint()


def test_upwards_is_up_and_all_dots_are_in_sight(scatter: Scatter) -> None:
    low, right, high, _, middle = scatter.places()
    assert low[0] < middle[0] < right[0]
    assert low[1] > middle[1] > high[1]
    assert all(scatter.rect().contains(at(scatter, row)) for row in range(5))


def test_a_click_opens_the_dot_it_meets_and_no_other(scatter: Scatter, qtbot: QtBot) -> None:
    opened: list[int] = []
    scatter.opened.connect(opened.append)
    qtbot.mouseClick(scatter, Qt.MouseButton.LeftButton, pos=at(scatter, 3) + QPoint(3, 2))
    qtbot.mouseClick(scatter, Qt.MouseButton.LeftButton, pos=(at(scatter, 0) + at(scatter, 4)) / 2)
    assert opened == [3]


def test_a_hover_shows_the_picture_and_says_the_caption(scatter: Scatter, qtbot: QtBot) -> None:
    qtbot.mouseMove(scatter, at(scatter, 4))
    assert scatter.accessibleDescription() == "image 4"
    qtbot.waitUntil(lambda: _shows(scatter, QColor("orange")))
    qtbot.mouseMove(scatter, at(scatter, 4) + QPoint(40, 0))
    assert scatter.current is None


def _shows(scatter: Scatter, colour: QColor) -> bool:
    image = scatter.grab().toImage()
    return any(
        image.pixelColor(x, y) == colour for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)
    )


def test_drawing_around_dots_chooses_them(scatter: Scatter, qtbot: QtBot) -> None:
    chosen: list[list[int]] = []
    scatter.chosen.connect(chosen.append)
    left, corner = at(scatter, 0), at(scatter, 4)
    outline = [left + QPoint(-15, 15), QPoint(left.x() - 15, 5), QPoint(corner.x() - 20, 5),
               QPoint(corner.x() - 20, left.y() + 15)]  # fmt: skip
    qtbot.mousePress(scatter, Qt.MouseButton.LeftButton, pos=outline[0])
    for place in outline[1:]:
        qtbot.mouseMove(scatter, place)
    qtbot.mouseRelease(scatter, Qt.MouseButton.LeftButton, pos=outline[-1])
    assert chosen == [[0, 2]]
    assert scatter.selected == {0, 2}


def test_the_keyboard_walks_opens_chooses_and_lets_go(scatter: Scatter, qtbot: QtBot) -> None:
    opened: list[int] = []
    chosen: list[list[int]] = []
    scatter.opened.connect(opened.append)
    scatter.chosen.connect(chosen.append)
    walked = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(scatter, key)
        walked.append(scatter.current)
    assert walked[0] == 4
    assert scatter.current in (0, 2)
    qtbot.keyClick(scatter, Qt.Key.Key_Return)
    qtbot.keyClick(scatter, Qt.Key.Key_Space)
    qtbot.keyClick(scatter, Qt.Key.Key_Escape)
    assert opened == [scatter.current]
    assert chosen == [[scatter.current], []]


def test_the_wheel_s_zoom_leaves_what_is_under_it_in_place() -> None:
    shares = fractions(POINTS)
    view, at = ScatterView(), QPointF(120, 90)
    inner = ScatterView().places(shares, ROOM)
    under = np.array([[(at.x() - inner[0, 0]) / ROOM.width(), (inner[0, 1] - at.y()) / ROOM.height()]])
    for factor in (2.0, 1.5, 0.8):
        view = view.zoomed(factor, at, ROOM)
        np.testing.assert_allclose(view.places(under, ROOM), [[at.x(), at.y()]])
    assert view.zoom == pytest.approx(2.4)
    assert view.zoomed(0.01, at, ROOM) == ScatterView()


def test_dragging_with_the_right_button_moves_the_plane(scatter: Scatter, qtbot: QtBot) -> None:
    qtbot.keyClick(scatter, Qt.Key.Key_Plus)
    before = scatter.places()
    qtbot.mousePress(scatter, Qt.MouseButton.RightButton, pos=QPoint(100, 100))
    qtbot.mouseMove(scatter, QPoint(130, 90))
    qtbot.mouseRelease(scatter, Qt.MouseButton.RightButton, pos=QPoint(130, 90))
    np.testing.assert_allclose(scatter.places() - before, np.tile([30.0, -10.0], (5, 1)), atol=1e-9)
    qtbot.keyClick(scatter, Qt.Key.Key_Home)
    assert scatter.rect().contains(at(scatter, 0))


def test_a_change_of_colour_keeps_what_is_chosen_and_new_places_do_not(scatter: Scatter) -> None:
    scatter.choose([1, 2])
    dots = [Dot(dot.key, dot.caption, 0, gone=True) for dot in scatter.dots]
    scatter.show_dots(dots, POINTS, ("ants",))
    assert scatter.selected == {1, 2}
    scatter.show_dots(dots, POINTS[::-1] ** 2, ("ants",))
    assert scatter.selected == frozenset()


def test_a_hover_does_not_paint_the_dots_again(scatter: Scatter, qtbot: QtBot) -> None:
    scatter.grab()
    layer = scatter._layer
    qtbot.mouseMove(scatter, at(scatter, 1))
    scatter.grab()
    assert scatter._layer is layer


def test_empty_it_says_what_it_waits_for(scatter: Scatter) -> None:
    scatter.show_dots([], np.zeros((0, 2)), ())
    assert scatter.accessibleDescription() == "Nothing yet."
    assert scatter.nearest(QPointF(5, 5)) is None
    assert not scatter.grab().isNull()


def test_dots_on_one_line_have_places() -> None:
    np.testing.assert_array_equal(fractions(np.array([[1.0, 3.0], [2.0, 3.0]])), [[0, 0.5], [1, 0.5]])
