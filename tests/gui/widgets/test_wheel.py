"""Scrolling a page changes nothing on it."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QSpinBox, QWidget

from finetuner.gui.widgets.threshold_slider import ThresholdSlider
from finetuner.gui.widgets.wheel import calm


def turn(widget: QWidget) -> bool:
    """Turn the wheel over it; whether it took the turn."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle, widget.mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def combo() -> QComboBox:
    made = QComboBox()
    made.addItems(["one", "two", "three"])
    calm(made)
    return made


def spin() -> QSpinBox:
    made = QSpinBox(maximum=9, value=5)
    calm(made)
    return made


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
