import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox

from finetuner.engine.job import (
    AugmentationPart,
    BackbonePart,
    ComputePart,
    DataPart,
    OptimisationPart,
    StrategyPart,
)
from finetuner.engine.requests import StylePart
from finetuner.gui.forms import PartForm, align

PARTS = [AugmentationPart, BackbonePart, ComputePart, DataPart, OptimisationPart, StrategyPart, StylePart]


@pytest.fixture
def form(qtbot):
    def make(part, *names):
        made = PartForm(part, names)
        qtbot.addWidget(made)
        made.show_values(part())
        return made

    return make


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_option_of_the_job_has_a_row_that_shows_its_value(form, part):
    made = form(part)
    for name in part.model_fields:
        assert made.editor(name).value() == getattr(part(), name), name
        assert made.editor(name).field.accessibleName(), name


def test_a_choice_is_told_when_it_is_made(qtbot, form):
    made = form(OptimisationPart)
    box = made.editor("optimizer").field
    assert isinstance(box, QComboBox)
    with qtbot.waitSignal(made.changed) as changed:
        box.setCurrentIndex(box.findData("sgd"))
    assert changed.args == [{"optimizer": "sgd"}]


def test_a_switch_and_a_count_too(qtbot, form):
    made = form(BackbonePart, "pretrained")
    switch = made.editor("pretrained").field
    assert isinstance(switch, QCheckBox)
    with qtbot.waitSignal(made.changed) as changed:
        switch.toggle()
    assert changed.args == [{"pretrained": False}]
    made = form(ComputePart, "seed")
    count = made.editor("seed").field
    assert isinstance(count, QSpinBox)
    with qtbot.waitSignal(made.changed) as changed:
        count.setValue(7)
    assert changed.args == [{"seed": 7}]


@pytest.mark.parametrize(("typed", "value"), [("0.003", 0.003), ("1e-3", 1e-3), ("0,01", 0.01), ("", None)])
def test_a_number_may_be_written_in_any_way(qtbot, form, typed, value):
    made = form(StrategyPart, "lr")
    line = made.editor("lr").field
    assert isinstance(line, QLineEdit)
    line.setText(typed)
    with qtbot.waitSignal(made.changed) as changed:
        line.editingFinished.emit()
    assert changed.args == [{"lr": value}]


@pytest.mark.parametrize(("typed", "words"), [("99", "less than or equal to 10"), ("fast", "“fast” is not a number")])
def test_a_refused_value_gets_its_sentence_and_is_not_told(qtbot, form, typed, words):
    made = form(StrategyPart, "lr")
    with qtbot.assertNotEmitted(made.changed):
        made.editor("lr").field.setText(typed)
        made.editor("lr").field.editingFinished.emit()
    assert words in made.sentence("lr")
    made.show_values(StrategyPart())
    assert made.sentence("lr") == ""


def test_showing_values_is_no_change(qtbot, form):
    made = form(StrategyPart)
    with qtbot.assertNotEmitted(made.changed):
        made.show_values(StrategyPart(strategy="full", epochs=3, lr=0.1))
    assert made.editor("lr").value() == 0.1
    assert made.editor("strategy").value() == "full"


def test_a_row_can_be_hidden(form):
    made = form(StrategyPart, "strategy", "freeze_blocks")
    made.set_row_visible("freeze_blocks", False)
    assert made.editor("freeze_blocks").isHidden()
    assert not made.editor("strategy").isHidden()


def test_a_dropped_file_is_its_path(qtbot, form, tmp_path):
    made = form(BackbonePart, "weights")
    data, line = QMimeData(), made.editor("weights").field
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.safetensors"))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    with qtbot.waitSignal(made.changed) as changed:
        line.dropEvent(QDropEvent(QPointF(5, 5), *how))
    assert changed.args == [{"weights": tmp_path / "a.safetensors"}]


def test_a_word_that_cannot_be_chosen_says_why(form):
    made = form(OptimisationPart, "optimizer")
    model = made.editor("optimizer").field.model()
    told = made.hint("optimizer")
    made.grey("optimizer", "sgd", "Not here.")
    row = made.editor("optimizer").field.findData("sgd")
    assert not model.item(row).isEnabled()
    assert made.hint("optimizer") == f"{told} Not here."
    made.grey("optimizer", "sgd", "")
    assert model.item(row).isEnabled()
    assert made.hint("optimizer") == told


def test_forms_below_each_other_begin_their_editors_at_the_same_place(qtbot, form):
    forms = {name: form(part, name) for name, part in (("seed", ComputePart), ("label_smoothing", OptimisationPart))}

    def places():
        for made in forms.values():
            made.show()
            qtbot.waitExposed(made)
        return {made.editor(name).x() for name, made in forms.items()}

    assert len(places()) == 2
    align(list(forms.values()))
    for made in forms.values():
        made.layout().activate()
    assert len(places()) == 1
