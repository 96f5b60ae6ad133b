"""The Explain page: choose an image, a method and a class, and see what speaks for it."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTemporaryDir
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout

from finetuner.engine.events import Event, Explained, Failed, Progress
from finetuner.engine.requests import ExplainRequest
from finetuner.gui import theme
from finetuner.gui.bridge.worker import Worker
from finetuner.gui.pages.explanations.comparison import Comparison
from finetuner.gui.pages.explanations.gallery import Gallery, class_names
from finetuner.gui.pages.explanations.method_menu import MethodMenu
from finetuner.gui.pages.page import Page
from finetuner.gui.session import Session


@dataclass(frozen=True)
class Question:
    """What is to be explained; `label` None asks for the predicted class."""

    run: Path
    image: Path
    method: str
    label: str | None


class ExplanationsPage(Page):
    """One explanation at a time. A wish that comes meanwhile waits; only the newest is kept, so nothing queues up."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_title(self.tr("Explain"), self.tr("Where the network looks when it decides."))
        self._open = self.add_action(self.tr("Open image…"), self.choose_image, "primary", "image")
        self.method = MethodMenu()
        self.label = QComboBox(accessibleName=self.tr("Class to explain"))
        self.comparison = Comparison()
        self.gallery = Gallery()
        self._folder = QTemporaryDir()
        self._known: dict[Question, Explained] = {}
        self._image: Path | None = None
        self._asked: Question | None = None
        self._worker: Worker | None = None
        self._fill_body()
        self._connect()
        self.show_run(session.run)

    def show_run(self, run: Path | None) -> None:
        """Explain this run from now on."""
        self._open.setVisible(run is not None)
        self._image = None
        if run is None:
            self.show_empty(
                "explanations",
                self.tr("Nothing to explain yet"),
                self.tr(
                    "Train a model first. Here you then see, for any image, which parts of it speak for a class:"
                    " the quickest way to find out that a network looks at the background."
                ),
                self.tr("Choose photos"),
                lambda: self.session.go("dataset"),
            )
            return
        self.show_body()
        self._offer_classes(class_names(run))
        self.gallery.show_run(run)

    def explain(self, image: Path) -> None:
        """Explain what the network sees in this image."""
        if image != self._image:
            self._image = image
            self.label.setItemText(0, self.tr("The predicted class"))
            self._choose_predicted()
        self._ask()

    def choose_image(self) -> None:
        """Ask for an image anywhere on this machine."""
        start = str(self._image.parent if self._image else Path.home())
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Choose an image"), start)
        if chosen:
            self.explain(Path(chosen))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.session.run is not None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self.explain(next(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()))

    def _question(self) -> Question | None:
        run, image = self.session.run, self._image
        if run is None or image is None:
            return None
        return Question(run, image, self.method.currentData(), self.label.currentData())

    def _ask(self) -> None:
        question = self._question()
        if question is None:
            return
        self.notice.clear()
        self.comparison.show_original(question.image, self._caption(question.image))
        if question in self._known:
            self._show(self._known[question])
        elif self._worker is None:
            self._asked = question
            self.comparison.show_activity(self.tr("Looking…"))
            self._worker = self.call(self._request(question), partial(self._on_event, question), self._on_end)

    def _request(self, question: Question) -> ExplainRequest:
        out = Path(self._folder.filePath(f"{len(self._known)}.png"))
        return ExplainRequest(
            run=question.run, image=question.image, method=question.method, label=question.label, out=out
        )

    def _on_event(self, question: Question, event: Event) -> None:
        match event:
            case Progress():
                self.comparison.show_activity(event.activity)
            case Explained():
                self._known[question] = event
                if question == self._question():
                    self._show(event)
            case Failed():
                self.comparison.forget_map()

    def _on_end(self) -> None:
        self._worker = None
        self.comparison.rest()
        if self._question() != self._asked:
            self._ask()

    def _show(self, event: Explained) -> None:
        if self.label.currentData() is None:
            self.label.setItemText(0, self.tr("{} (predicted)").format(event.label))
        self.comparison.show_explained(event)

    def _caption(self, image: Path) -> str:
        known = self.gallery.caption(image)
        return f"{image.name}  ·  {known}" if known else image.name

    def _offer_classes(self, classes: tuple[str, ...]) -> None:
        self.label.blockSignals(True)
        self.label.clear()
        self.label.addItem(self.tr("The predicted class"), None)
        for name in classes:
            self.label.addItem(name, name)
        self.label.blockSignals(False)

    def _choose_predicted(self) -> None:
        self.label.blockSignals(True)
        self.label.setCurrentIndex(0)
        self.label.blockSignals(False)

    def _connect(self) -> None:
        self.method.currentIndexChanged.connect(self._ask)
        self.label.currentIndexChanged.connect(self._ask)
        self.gallery.selectionModel().currentChanged.connect(self._on_chosen)
        self.session.run_changed.connect(self.show_run)
        self.setAcceptDrops(True)

    def _on_chosen(self) -> None:
        if (image := self.gallery.chosen()) is not None:
            self.explain(image)

    def _fill_body(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        for words_, field in ((self.tr("Method"), self.method), (self.tr("Class"), self.label)):
            row.addWidget(theme.label(words_, "muted"))
            row.addWidget(field)
            row.addSpacing(theme.GAP)
            field.setMinimumWidth(theme.GRID * 20)
            field.setMaximumWidth(theme.GRID * 32)
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        row.addStretch(1)
        row.addWidget(theme.label(self.tr("Overlay"), "muted"))
        row.addWidget(self.comparison.strength)
        self.comparison.strength.setFixedSize(theme.GRID * 20, theme.GRID * 3)
        below = QVBoxLayout()
        below.setSpacing(theme.GRID)
        below.addWidget(theme.label(self.tr("Validation images"), "heading"))
        below.addWidget(self.gallery)
        self.body.addLayout(row)
        self.body.addWidget(self.comparison, 1)
        self.body.addLayout(below)
