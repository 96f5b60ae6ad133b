"""Does an idea of one's own matter for the classes? Two folders of images go in, one line for each class comes out."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.dataset.names import readable
from finetuner.engine.events import ConceptScore, ConceptTested, Event, LayerRow
from finetuner.engine.requests import ConceptRequest
from finetuner.gui import theme
from finetuner.gui.pages.explanations.choices import LayerMenu
from finetuner.gui.pages.explanations.errand import Errand
from finetuner.gui.pages.explanations.score_line import ScoreLine
from finetuner.gui.pages.explanations.well import Well
from finetuner.gui.pages.page import Page, Vacant, scrolled


class Concept(Vacant):
    """TCAV in the window: `lines` are what the run answered to the last question."""

    def __init__(self, page: Page) -> None:
        self._content = QWidget()
        super().__init__(self._content)
        self._run: Path | None = None
        self.shown = Well(self.tr("The concept"), self.tr("Drop a folder: 10 or more images that show it"))
        self.others = Well(self.tr("Other images"), self.tr("Drop a folder: 20 or more images without it"))
        self.layers = LayerMenu()
        self.errand = Errand(page, self.tr("Ask"), "search")
        self.key = theme.label(_question(), "muted", wrap=True)
        self.figures = theme.label("", "small", wrap=True)
        self.lines: list[ScoreLine] = []
        self._rows = QVBoxLayout()
        self.errand.wanted.connect(self.ask)
        self.errand.changed.connect(self._show_state)
        for well in (self.shown, self.others):
            well.changed.connect(self._show_state)
        self._lay_out()
        self._show_state()

    def show_run(self, run: Path | None) -> None:
        """Ask this run from now on; None: there is none that could be asked."""
        self.errand.stop()
        self._run = run
        self.layers.offer("", ())
        self._show_lines(())

    def offer_layers(self, rows: Sequence[LayerRow]) -> None:
        """The run's layers; the usual one lies two thirds of the way up."""
        self.layers.offer("", rows)

    def ask(self) -> None:
        """Ask the run."""
        concept, others = self.shown.path, self.others.path
        if self._run is not None and concept is not None and others is not None:
            self._show_lines(())
            request = ConceptRequest(run=self._run, concept=concept, random=others, layer=self.layers.layer)
            self.errand.start(request, self._on_answer)

    def _on_answer(self, event: Event) -> None:
        match event:
            case ConceptTested():
                self._show_lines(sorted(event.scores, key=_rank))
                self.key.setText(_key())
                self.figures.setText(_figures(event))

    def _show_lines(self, scores: Sequence[ConceptScore]) -> None:
        for line in self.lines:
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = [ScoreLine(score) for score in scores]
        for row, line in enumerate(self.lines):
            self._rows.insertWidget(row, line)
        self.key.setText(_question())
        self.figures.clear()

    def _show_state(self) -> None:
        self.errand.go.setEnabled(self.shown.path is not None and self.others.path is not None)
        for part in (self.shown, self.others, self.layers):
            part.setEnabled(not self.errand.busy)

    def _lay_out(self) -> None:
        wells, asked = QHBoxLayout(), QHBoxLayout()
        wells.setSpacing(theme.GAP)
        asked.setSpacing(theme.GAP)
        wells.addWidget(self.shown)
        wells.addWidget(self.others)
        asked.addWidget(self.layers)
        asked.addWidget(self.errand, 1)
        content = QWidget()
        self._rows.setSpacing(theme.GAP)
        self._rows.setContentsMargins(0, 0, theme.GRID, 0)
        self._rows.addWidget(self.figures)
        self._rows.addStretch(1)
        content.setLayout(self._rows)
        area = scrolled(content)
        area.setAccessibleName(self.tr("What the concept means for each class"))
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, theme.GAP, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(wells)
        column.addLayout(asked)
        column.addWidget(self.key)
        column.addWidget(area, 1)


def _rank(score: ConceptScore) -> tuple[bool, float]:
    """What speaks comes first, for before against."""
    return score.speaks == "unclear", -score.score


def _question() -> str:
    return QCoreApplication.translate(
        "Concept",
        "Does an idea matter for a class: stripes, snow, a hand in the picture? The other images should differ in"
        " nothing but the concept.",
    )


def _key() -> str:
    return QCoreApplication.translate(
        "Concept",
        "Bar: the share of a class's images for which the concept raises the class. Upright line: the same by chance.",
    )


def _figures(tested: ConceptTested) -> str:
    told = QCoreApplication.translate(
        "Concept",
        "At {}, which tells {} from the other images in {:.0%} of held-out cases; {} images against {}, {} draws.",
    )
    counts = (tested.concept_images, tested.random_images, tested.draws)
    return told.format(tested.layer, readable(tested.concept), tested.accuracy, *counts)
