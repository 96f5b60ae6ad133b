import pytest
from PySide6.QtCore import QPoint, Qt

from finetuner.gui.widgets.threshold_slider import ThresholdSlider


@pytest.fixture
def slider(qtbot) -> ThresholdSlider:
    made = ThresholdSlider("bees")
    qtbot.addWidget(made)
    made.resize(400, made.sizeHint().height())
    made.show()
    made.show_answers([0.7, 0.9], [0.6])
    return made


def at(slider: ThresholdSlider, share: float) -> QPoint:
    return QPoint(round(slider.place(share)), 37)


def test_dragging_tells_where_it_is_and_letting_go_chooses(slider, qtbot) -> None:
    moved, chosen = [], []
    slider.moved.connect(moved.append)
    slider.chosen.connect(lambda *said: chosen.append(said))
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=at(slider, 0.5))
    qtbot.mouseMove(slider, at(slider, 0.8))
    assert chosen == []
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at(slider, 0.8))
    assert moved == [pytest.approx(0.5, abs=0.002), pytest.approx(0.8, abs=0.002)]
    assert chosen == [(moved[-1], False)]


def test_it_stays_between_never_and_always(slider, qtbot) -> None:
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(-50, 37))
    assert slider.threshold == 0
    qtbot.mouseMove(slider, QPoint(900, 37))
    assert slider.threshold == 1


def test_keys_move_it_by_hundredths(slider, qtbot) -> None:
    chosen = []
    slider.chosen.connect(lambda *said: chosen.append(said))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_Left):
        qtbot.keyClick(slider, key)
    assert chosen == [(0.01, True), (0.06, True), (0.05, True)]


def test_it_says_itself(slider) -> None:
    assert slider.words() == "always answered"
    slider.show_threshold(0.8)
    slider.show_figures("precision 97 %")
    assert slider.accessibleDescription() == "unsure below 80.0\u202f%. precision 97 %"
    slider.show_threshold(0.3, mixed=True)
    assert slider.words() == "differs from class to class"


def test_what_is_withheld_is_painted_pale(slider) -> None:
    before = slider.grab().toImage()
    slider.show_threshold(0.65)
    assert slider.grab().toImage() != before
