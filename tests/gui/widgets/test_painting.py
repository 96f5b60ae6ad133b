"""Every painted widget paints something in both themes, and follows a change of theme."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from finetuner.gui import theme
from finetuner.gui.widgets.choice_card import ChoiceCard
from finetuner.gui.widgets.confusion import ConfusionMatrix
from finetuner.gui.widgets.curves import Curves
from finetuner.gui.widgets.drop_zone import DropZone
from finetuner.gui.widgets.metric_tile import MetricTile
from finetuner.gui.widgets.picture_strip import PictureStrip
from finetuner.gui.widgets.plan_table import PlanRow, PlanTable
from finetuner.gui.widgets.probability_bars import ProbabilityBars
from finetuner.gui.widgets.progress_line import ProgressLine
from finetuner.gui.widgets.scatter import Dot, Scatter
from finetuner.gui.widgets.stacked_bars import StackedBars
from finetuner.gui.widgets.threshold_slider import ThresholdSlider
from finetuner.gui.widgets.thumbnail_grid import Picture, ThumbnailGrid


def curves() -> QWidget:
    chart = Curves("Loss", "epoch")
    for step in range(40):
        chart.append("training", step / 10, 1 / (step + 1))
    chart.mark(1, "fine-tune")
    return chart


def bars() -> QWidget:
    chart = StackedBars("Images per class")
    chart.show_counts({"ants": (80, 20, 0), "bees": (60, 15, 5)}, ("train", "val", "test"))
    return chart


def probabilities() -> QWidget:
    chart = ProbabilityBars()
    chart.show_top([("bees", 0.9), ("ants", 0.1)])
    return chart


def confusion() -> QWidget:
    chart = ConfusionMatrix()
    chart.show_counts(("ants", "bees"), ((66, 4), (3, 80)))
    return chart


def plan() -> QWidget:
    table = PlanTable()
    table.show_plan(("stem", "head"), (100, 20), (PlanRow("Probe", "epoch 1", (None, 1e-3)),))
    table.light(0)
    return table


def tile() -> QWidget:
    made = MetricTile("Accuracy", large=True)
    made.show_value("94.8 %", "n = 153")
    return made


def progress() -> QWidget:
    line = ProgressLine()
    line.show_progress("Training", 3, 10, 51.0, 20.0, "images")
    return line


def strip() -> QWidget:
    made = PictureStrip(4, "Previews")
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("orange"))
    made.show_images([image])
    return made


def grid() -> QWidget:
    made = ThumbnailGrid(lambda key, side: QImage())
    made.pictures.replace([Picture("a", "ants", "96 %", flawed=True)])
    return made


def threshold() -> QWidget:
    made = ThresholdSlider("bees")
    made.show_answers([0.7, 0.9, 0.99], [0.6])
    made.show_threshold(0.65)
    return made


def scatter() -> QWidget:
    made = Scatter("Map", lambda key, side: QImage())
    dots = [Dot("a", "ants", 0), Dot("b", "bees", 1, strong=False), Dot("c", "bees", 1, gone=True)]
    made.show_dots(dots, np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 1.0]]), ("ants", "bees"))
    return made


MAKERS = (scatter, threshold, curves, bars, probabilities, confusion, plan, tile, progress, strip, grid)
ALL = (*MAKERS, lambda: DropZone("Drop a folder", "here"), lambda: ChoiceCard("Probe", "The head alone learns."))


def colours_of(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}


@pytest.mark.parametrize("make", ALL)
def test_it_paints_in_both_themes(dressed: str, grab: Callable[[QWidget], QImage], make: Callable[[], QWidget]):
    assert len(colours_of(grab(make()))) > 3


@pytest.mark.parametrize("make", ALL)
def test_it_has_a_name_for_those_who_listen(qtbot, make: Callable[[], QWidget]):
    widget = make()
    qtbot.addWidget(widget)
    assert widget.accessibleName()


def test_a_chart_follows_a_change_of_theme(qapp: QApplication, dressed: str, grab: Callable[[QWidget], QImage]):
    chart = curves()
    before = colours_of(grab(chart))
    theme.apply(qapp, "light" if dressed == "dark" else "dark")
    assert colours_of(chart.grab().toImage()) != before
