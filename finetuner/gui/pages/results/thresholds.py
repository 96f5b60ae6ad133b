"""Below which probability the model says *unsure*: a slider for each class, and what that gives."""

from collections.abc import Callable, Iterable

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.thresholds import ClassPoint, Judged, OperatingPoint
from finetuner.gui import theme
from finetuner.gui.pages.page.section import scrolled
from finetuner.gui.pages.results.cost_form import CostForm
from finetuner.gui.pages.results.limits import Limits
from finetuner.gui.widgets.metric_tile import MetricTile
from finetuner.gui.widgets.threshold_slider import ThresholdSlider
from finetuner.gui.widgets.ticks import write_number, write_percent

_UNDO = ((QKeySequence.StandardKey.Undo, "undo"), (QKeySequence.StandardKey.Redo, "redo"))


class ThresholdPanel(QWidget):
    """`opened(rows)`: the images that are answered with *unsure*."""

    opened = Signal(object)

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.share, self.accuracy = MetricTile(self.tr("Answered")), MetricTile(self.tr("Right among these"))
        self.cost = MetricTile(self.tr("Cost"))
        self.all = ThresholdSlider(self.tr("All classes"))
        self.sliders: dict[str, ThresholdSlider] = {}
        self.costs, self.faces = CostForm(), QStackedWidget()
        self.unsure = self._button(self.tr("Show the unsure"), self._open, "search")
        self.by_cost = self._button(self.tr("By cost…"), lambda: self.faces.setCurrentIndex(1))
        self.undo = self._button(self.tr("Undo"), limits.stack.undo)
        self.redo = self._button(self.tr("Redo"), limits.stack.redo)
        self.reset = self._button(self.tr("Reset"), limits.reset)
        self._shown: Judged | None = None
        self._column = QVBoxLayout()
        self._lay_out()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        self.limits.read()
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        """Undo and redo mean the thresholds while the keyboard is here, not the corrections beside them."""
        if isinstance(event, QKeyEvent) and (name := _wish(event)):
            if event.type() == QEvent.Type.KeyPress:
                getattr(self, name).click()
            event.accept()
            return True
        return super().event(event)

    def refresh(self) -> None:
        """Follow the thresholds."""
        if self.limits.judged is not self._shown:
            self._show_classes(self.limits.judged)
        stack, thresholds = self.limits.stack, self.limits.thresholds
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        self.reset.setEnabled(bool(thresholds.classes))
        for name, slider in self.sliders.items():
            slider.show_threshold(thresholds.of(name))
        values = {thresholds.of(name) for name in self.sliders}
        self.all.show_threshold(min(values, default=0.0), mixed=len(values) > 1)
        self._show_figures(self.limits.figures())
        self._show_cost()

    def _show_classes(self, judged: Judged | None) -> None:
        self._shown = judged
        for slider in self.sliders.values():
            self._column.removeWidget(slider)
            slider.deleteLater()
        self.sliders = {}
        if judged is not None:
            self.all.show_answers(judged.sure[judged.right].tolist(), judged.sure[~judged.right].tolist())
            self.costs.show_classes(judged.classes, self.limits.thresholds.costs)
            for index, name in enumerate(judged.classes):
                self._add_slider(judged, index, name)

    def _add_slider(self, judged: Judged, index: int, name: str) -> None:
        slider = self.sliders[name] = ThresholdSlider(name)
        called = judged.best == index
        shares = (judged.sure[np.logical_and(called, hit)].tolist() for hit in (judged.right, ~judged.right))
        slider.show_answers(*shares)
        slider.moved.connect(lambda value: self._show_figures(self.limits.figures({name: value})))
        slider.chosen.connect(lambda value, key: self._say({name: value}, name, index if key else -1))
        self._column.addWidget(slider)

    def _say(self, values: dict[str, float], words: str, kind: int) -> None:
        self.limits.say(values, self.tr("threshold of {}").format(words), kind)

    def _for_all(self, value: float) -> dict[str, float]:
        return dict.fromkeys(self.sliders, value)

    def _show_figures(self, point: OperatingPoint | None) -> None:
        if point is None:
            return
        self.unsure.setEnabled(point.answered < point.n)
        self.share.show_value(
            write_percent(point.share), self.tr("{:,} of {:,} images").format(point.answered, point.n)
        )
        low, high = (write_percent(edge) for edge in point.accuracy_interval)
        right = "–" if point.accuracy is None else write_percent(point.accuracy)
        self.accuracy.show_value(right, self.tr("95 %: {} to {}").format(low, high))
        self.all.show_figures(self.tr("One threshold for every class."))
        for row in point.classes:
            self.sliders[row.name].show_figures(self._in_words(row))

    def _in_words(self, row: ClassPoint) -> str:
        if row.precision is None:
            told = self.tr("never answered")
        else:
            told = self.tr("precision {}, n = {:,}").format(
                _with_interval(row.precision, row.precision_interval), row.answered
            )
        if row.recall is None:
            return told
        recall = _with_interval(row.recall, row.recall_interval)
        return self.tr("{}  ·  recall {}, n = {:,}").format(told, recall, row.support)

    def _show_cost(self) -> None:
        paid = self.limits.paid()
        self.cost.setVisible(paid is not None)
        if paid is not None:
            with_them, without = (write_number(value) for value in paid)
            self.cost.show_value(with_them, self.tr("an image; {} without").format(without))

    def _propose(self) -> None:
        self.faces.setCurrentIndex(0)
        self.limits.propose(self.costs.costs())

    def _open(self) -> None:
        try:
            self.opened.emit(self.limits.unsure())
        except FinetunerError as error:
            self.limits.trouble.emit(error.sentence, error.next_step)

    def _button(self, words: str, slot: Callable[[], object], symbol: str = "") -> QPushButton:
        button = theme.button(words, "quiet", symbol)
        button.clicked.connect(lambda: slot())
        return button

    def _connect(self) -> None:
        self.limits.changed.connect(self.refresh)
        self.limits.stack.indexChanged.connect(self.refresh)
        self.all.moved.connect(lambda value: self._show_figures(self.limits.figures(self._for_all(value))))
        kind = 2**30  # above every class's
        self.all.chosen.connect(
            lambda value, key: self._say(self._for_all(value), self.tr("all classes"), kind if key else -1)
        )
        self.costs.proposed.connect(self._propose)
        self.costs.left.connect(lambda: self.faces.setCurrentIndex(0))

    def _lay_out(self) -> None:
        rows = QWidget()
        column = _column(rows, [self.all])
        column.addLayout(self._column)
        column.addStretch(1)
        front = QWidget()
        tiles = _row([self.share, self.accuracy, self.cost], theme.GAP)
        below = _row([self.by_cost, self.unsure, None, self.undo, self.redo, self.reset], theme.HALF)
        layout = _column(front, [tiles, scrolled(rows), below])
        layout.setStretch(1, 1)
        for face in (front, self.costs):
            self.faces.addWidget(face)
        _column(self, [self.faces])


def _wish(event: QKeyEvent) -> str:
    """`undo`, `redo` or nothing; Qt asks first whether a key is meant for a widget or for a shortcut of the window."""
    if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        return ""
    return next((name for key, name in _UNDO if event.matches(key)), "")


def _with_interval(value: float, interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{write_percent(value)} ({low * 100:.0f}–{high * 100:.0f})"


def _row(parts: Iterable[QWidget | None], spacing: int) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setSpacing(spacing)
    for part in parts:
        if part is None:
            made.addStretch(1)
        else:
            made.addWidget(part, 1 if isinstance(part, MetricTile) else 0, Qt.AlignmentFlag.AlignTop)
    return made


def _column(owner: QWidget, parts: Iterable[QWidget | QLayout]) -> QVBoxLayout:
    made = QVBoxLayout(owner)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(theme.GRID)
    for part in parts:
        if isinstance(part, QLayout):
            made.addLayout(part)
        else:
            made.addWidget(part)
    return made
