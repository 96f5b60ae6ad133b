"""Scrolling a page changes nothing on it."""

import pytest
from PySide6.QtWidgets import QComboBox, QSpinBox

from finetuner.gui.widgets.threshold_slider import ThresholdSlider
from finetuner.gui.widgets.wheel import calm
from tests.gui.mouse import turn


def combo() -> QComboBox:
    made = QComboBox()
    made.addItems(["one", "two", "three"])
    return calm(made)


def spin() -> QSpinBox:
    return calm(QSpinBox(maximum=9, value=5))


@pytest.mark.parametrize(("make", "value"), [(combo, QComboBox.currentIndex), (spin, QSpinBox.value)])
def test_a_field_moves_only_where_the_keyboard_is(qtbot, make, value):
    field = make()
    qtbot.addWidget(field)
    field.show()
    before = value(field)
    field.clearFocus()
    assert not turn(field)
    assert value(field) == before
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    turn(field)
    assert value(field) != before


def test_a_threshold_is_never_moved_by_the_wheel(qtbot):
    slider = ThresholdSlider("ants")
    qtbot.addWidget(slider)
    slider.show()
    with qtbot.assertNotEmitted(slider.chosen):
        assert not turn(slider)
