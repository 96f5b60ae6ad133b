from PySide6.QtCore import QPoint, Qt

from finetuner.gui.widgets.curves import Curves


def chart(qtbot) -> Curves:
    made = Curves("Loss", "epoch")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    for x in range(1, 6):
        made.append("training", x, 1.0 / x)
    return made


def test_a_line_ends_in_its_name_and_value(qtbot):
    assert [(label.name, label.value) for label in chart(qtbot).end_labels()] == [("training", "0.2")]


def test_the_arrow_keys_read_values_and_escape_stops(qtbot):
    made = chart(qtbot)
    qtbot.keyClick(made, Qt.Key.Key_Left)
    qtbot.keyClick(made, Qt.Key.Key_Left)
    assert made.in_words() == "training 0.25 (epoch 4)"
    qtbot.keyClick(made, Qt.Key.Key_Escape)
    assert made.in_words() == "training 0.2"


def test_the_mouse_reads_values(qtbot):
    made = chart(qtbot)
    x, _ = made.scales()
    qtbot.mouseMove(made, QPoint(round(x.at(2)), 150))
    assert made.in_words() == "training 0.5 (epoch 2)"


def test_the_axis_reaches_to_the_end_of_the_run_before_the_curve_does(qtbot):
    made = chart(qtbot)
    made.set_span(20)
    assert made.scales()[0].high == 20


def test_many_points_arrive_in_one_repaint(qtbot):
    made = chart(qtbot)
    qtbot.waitUntil(lambda: made.accessibleDescription() == "training 0.2")
    for x in range(6, 400):
        made.append("training", x, 0.1)
    assert made.accessibleDescription() == "training 0.2"
    qtbot.waitUntil(lambda: made.accessibleDescription() == "training 0.1")


def test_a_mark_at_the_same_place_is_replaced_and_marks_are_in_order(qtbot):
    made = chart(qtbot)
    for x, text in ((4, "late"), (0, "first"), (4, "later")):
        made.mark(x, text)
    assert [(mark.x, mark.text) for mark in made.marks] == [(0, "first"), (4, "later")]


def test_cleared_it_says_what_it_waits_for(qtbot):
    made = Curves("Loss", "epoch", waiting="The curve begins with the first step.")
    qtbot.addWidget(made)
    made.append("training", 1, 1)
    made.clear()
    assert made.in_words() == "The curve begins with the first step."


def test_charts_to_be_compared_show_the_whole_range(qtbot):
    for whole, high in ((True, 1.0), (False, 0.65)):
        made = Curves("Blur", "strength", bounds=(0, 1), whole=whole)
        qtbot.addWidget(made)
        for x, y in ((0, 0.62), (1, 0.58)):
            made.append("right", x, y)
        assert (made.scales()[1].high <= high) is True
        assert (made.scales()[1].low == 0) is whole
