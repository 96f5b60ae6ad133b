import pytest
from PySide6.QtCore import Qt

from finetuner.gui.widgets.plan_table import PlanRow, PlanTable, _two_lines


def table(qtbot) -> PlanTable:
    made = PlanTable()
    qtbot.addWidget(made)
    rows = (PlanRow("Probe", "epochs 1–2", (None, None, 1e-2)), PlanRow("Fine-tune", "epochs 3–9", (1e-5, 1e-4, 1e-3)))
    made.show_plan(("stem", "body", "head"), (10, 2000, 30), rows)
    return made


def test_cells_read_as_rates_or_as_frozen(qtbot):
    plan = table(qtbot).plan
    cells = [[plan.data(plan.index(row, column)) for column in range(3)] for row in range(2)]
    assert cells == [["frozen", "frozen", "1e-2"], ["1e-5", "1e-4", "1e-3"]]


def test_a_cell_is_a_sentence_for_those_who_listen(qtbot):
    plan = table(qtbot).plan
    text = plan.data(plan.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert text == "Fine-tune, epochs 3–9: stem learning rate 1e-5"


def test_colours_run_from_the_smallest_to_the_largest_rate(qtbot):
    plan = table(qtbot).plan
    assert [plan.share(rate) for rate in (1e-5, 1e-2)] == [0.0, 1.0]


def test_one_rate_for_all_is_full_colour(qtbot):
    made = table(qtbot)
    made.show_plan(("stem", "head"), (1, 1), (PlanRow("Full", "epoch 1", (1e-3, 1e-3)),))
    assert made.plan.share(1e-3) == 1.0


def test_the_phase_that_runs_is_lit(qtbot):
    made = table(qtbot)
    made.show()
    before = made.grab().toImage()
    made.light(1)
    assert made.plan.current == 1
    assert made.grab().toImage() != before


def test_a_new_plan_forgets_the_old_phase(qtbot):
    made = table(qtbot)
    made.light(1)
    made.show_plan(("head",), (1,), (PlanRow("Probe", "epoch 1", (1e-3,)),))
    assert made.plan.current is None
    assert made.plan.rowCount() == 1


def test_a_block_tells_its_size(qtbot):
    plan = table(qtbot).plan
    assert plan.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) == "body: 2,000 parameters"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("blocks.3", ["blocks", "3"]),
        ("layer 2", ["layer", "2"]),
        ("conv_head", ["conv_", "head"]),
        ("_stem", ["_stem"]),
        ("head", ["head"]),
    ],
)
def test_a_long_name_breaks_where_it_is_joined(name: str, lines: list[str]) -> None:
    assert _two_lines(name) == lines
