from PySide6.QtCore import Qt

from finetuner.gui.widgets.confusion import ConfusionMatrix


def matrix(qtbot, classes: int = 2) -> ConfusionMatrix:
    made = ConfusionMatrix()
    qtbot.addWidget(made)
    names = ["ants", "bees"] if classes == 2 else [f"class {number}" for number in range(classes)]
    counts = [[66, 4], [3, 80]] if classes == 2 else [[int(a == b) for a in range(classes)] for b in range(classes)]
    made.resize(480, 420)
    made.show()
    made.show_counts(names, counts)
    return made


def test_a_cell_says_what_happened(qtbot):
    made = matrix(qtbot)
    assert made.in_words((0, 1)) == "ants: 4 of 70 (5.7\u202f%) taken for bees"
    assert made.in_words((1, 1)) == "bees: 80 of 83 (96.4\u202f%) recognised"


def test_a_class_without_images_has_no_share(qtbot):
    made = matrix(qtbot)
    made.show_counts(("a", "b"), ((0, 0), (1, 2)))
    assert made.table.share((0, 0)) == 0.0


def test_a_click_opens_its_cell(qtbot):
    made = matrix(qtbot)
    with qtbot.waitSignal(made.opened) as opened:
        qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=made.grid.rect((0, 1)).center().toPoint())
    assert opened.args == [0, 1]


def test_keys_move_and_open(qtbot):
    made = matrix(qtbot)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(made, key)
    with qtbot.waitSignal(made.opened) as opened:
        qtbot.keyClick(made, Qt.Key.Key_Return)
    assert opened.args == [1, 0]
    assert made.accessibleDescription() == "bees: 3 of 83 (3.6\u202f%) taken for ants"


def test_few_classes_do_not_scroll_and_many_do(qtbot):
    assert matrix(qtbot).verticalScrollBar().maximum() == 0
    assert matrix(qtbot, 120).verticalScrollBar().maximum() > 0


def test_the_current_cell_is_scrolled_into_sight(qtbot):
    made = matrix(qtbot, 120)
    for _ in range(119):
        qtbot.keyClick(made, Qt.Key.Key_Down)
    place = made.grid.rect(made.current)
    assert made.current == (119, 0)
    assert 0 < place.top() < place.bottom() <= made.viewport().height()


def test_only_cells_in_sight_are_painted(qtbot):
    assert len(matrix(qtbot, 120).grid.visible()) < 600


def test_labels_beside_the_cells_open_nothing(qtbot):
    made = matrix(qtbot)
    assert made.grid.cell_at(made.viewport().rect().topLeft()) is None
