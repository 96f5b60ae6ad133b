"""The Backbone page."""

from pathlib import Path

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog

from finetuner.engine.backbones.catalogue import catalogue
from finetuner.engine.backbones.choice import choose
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import (
    BackboneRow,
    CatalogueListed,
    Downloaded,
    Event,
    Failed,
    Progress,
    SpeedMeasured,
    WeightsInspected,
)
from finetuner.engine.job import BackbonePart, Job
from finetuner.engine.requests import AdviseRequest, CatalogueRequest, DownloadRequest, InspectWeightsRequest
from finetuner.gui.bridge.local import LocalTask
from finetuner.gui.bridge.worker import Worker
from finetuner.gui.pages.backbone.advice import AdvicePanel
from finetuner.gui.pages.backbone.detail import Detail
from finetuner.gui.pages.backbone.meter import SpeedMeter
from finetuner.gui.pages.backbone.recommendations import Recommendations
from finetuner.gui.pages.backbone.shelf import Shelf, timed
from finetuner.gui.pages.page import Page
from finetuner.gui.session import Session
from finetuner.gui.widgets.progress_line import ProgressLine


class BackbonePage(Page):
    """The shelf, searched and sorted; what the draft uses, and why."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.progress, self.detail = ProgressLine(), Detail()
        self.recommendations, self.shelf, self.advice = Recommendations(), Shelf(), AdvicePanel()
        self.meter = SpeedMeter(session, self)
        self._adviser: Worker | None = None
        self.advise = self.add_action(self.tr("Try on my images"), self._advise, "quiet", "compare")
        self.automatic = self.add_action(self.tr("Choose for me"), self._automatic, "quiet")
        self.file = self.add_action(self.tr("Weight file…"), self._choose_file, symbol="file")
        self.onward = self.add_action(
            self.tr("Choose a strategy"), lambda: session.go("strategy"), "primary", "strategy"
        )
        self._lay_out()
        self._connect()
        self._show_draft(session.job)
        self._list()

    # --- the shelf --------------------------------------------------------------------------------------------

    def _list(self) -> None:
        self.progress.show_progress(self.tr("Looking what is on the shelf"))
        listing = LocalTask(catalogue(CatalogueRequest()))
        self.session.calls.start(lambda: listing, self._on_listing, self.progress.finish)

    def _on_listing(self, event: Event) -> None:
        match event:
            case CatalogueListed():
                self._show_rows(event.rows)
            case Failed():
                self.tell(event.sentence, event.next_step)

    def _on_event(self, event: Event) -> None:
        match event:
            case Progress():
                self.progress.show_progress(event.activity, event.done, event.total, event.rate, event.seconds_left)
            case WeightsInspected():
                self._use_file(event)
            case Downloaded():
                self.tell(self.tr("The weights of {} are on this disk now.").format(event.backbone), "", "good")
                self.use(event.backbone)
                self._list()
            case Failed():
                self.progress.finish()

    def _show_rows(self, rows: tuple[BackboneRow, ...]) -> None:
        self.shelf.list(rows)
        self._show_recommendations()
        self.shelf.select(self.session.job.backbone.backbone)
        self.meter.want(row for row in self.shelf.model.rows if row.recommended or row.available)

    def _on_chosen(self, row: BackboneRow) -> None:
        self.detail.show_row(row, self.session.job.backbone.backbone)
        self.recommendations.mark(row.name)
        self.meter.want((row,), first=True)

    def _show_speed(self, speed: SpeedMeasured) -> None:
        self.shelf.put(speed)
        self._show_recommendations()
        if self.detail.row is not None:
            self.detail.show_row(timed(self.detail.row, speed), self.session.job.backbone.backbone)
            self.recommendations.mark(self.detail.row.name)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.meter.wake()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.meter.rest()

    # --- the adviser ------------------------------------------------------------------------------------------

    def _advise(self) -> None:
        """Try every backbone on this disk on the user's images; the general recommendations give way."""
        if self.session.job.data.data is None:
            self.tell(
                self.tr("There are no images to try backbones on yet."), self.tr("Open a folder first."), "warning"
            )
            return
        self.notice.clear()
        self.recommendations.hide()
        self.advise.setEnabled(False)
        self.advice.begin()
        self._adviser = self.call(AdviseRequest(job=self.session.job), self.advice.on_event, self._on_advised)

    def _stop_advice(self) -> None:
        if self._adviser is not None:
            self._adviser.stop()

    def _on_advised(self) -> None:
        self._adviser = None
        self.advise.setEnabled(True)
        self.advice.end()
        self._show_recommendations()

    def _close_advice(self) -> None:
        self.advice.hide()
        self._show_recommendations()

    def _show_recommendations(self) -> None:
        """Unless the adviser, who has seen the images, knows better."""
        if not self.advice.isVisible():
            self.recommendations.show_rows(self.shelf.model.rows)

    # --- what the draft uses ----------------------------------------------------------------------------------

    def use(self, name: str) -> None:
        """Make a backbone the draft's, with its own weights."""
        self._change(backbone=name, weights=None, pretrained=True)

    def download(self, name: str) -> None:
        """Fetch a backbone's published weights, then use it."""
        self.notice.clear()
        self.progress.show_progress(self.tr("Downloading {}").format(name))
        self.call(DownloadRequest(backbone=name), self._on_event, self.progress.finish)

    def inspect(self, file: Path) -> None:
        """Find out which network a weight file fits."""
        self.notice.clear()
        self.progress.show_progress(self.tr("Reading {}").format(file.name))
        self.call(InspectWeightsRequest(weights=file), self._on_event, self.progress.finish)

    def _use_file(self, event: WeightsInspected) -> None:
        self.tell(event.sentence, self.tr("The next run starts from this file."), "good")
        self._change(backbone=event.backbone, weights=Path(event.path), pretrained=True)
        self.shelf.select(event.backbone)

    def _automatic(self) -> None:
        self._change(backbone="auto", weights=None, pretrained=True)

    def _change(self, **options: object) -> None:
        refused = self.session.change_job(**options)
        if refused:
            self.tell(refused)

    def _show_draft(self, job: Job) -> None:
        part = job.backbone
        if part.backbone == "auto" and part.weights is None:
            words = self._because(part)
        elif part.weights is not None:
            words = self.tr("{} with the weights of {}.").format(part.backbone, part.weights.name)
        elif not part.pretrained:
            words = self.tr("{} with random weights: it learns everything from your images.").format(part.backbone)
        else:
            words = self.tr("{} is the network the next run starts from.").format(part.backbone)
        self.set_title(self.tr("Backbone"), words)
        self.automatic.setVisible(part.backbone != "auto" or part.weights is not None)
        self.detail.show_row(self.detail.row, part.backbone)

    def _because(self, part: BackbonePart) -> str:
        """Which network *auto* takes at the moment, and why."""
        try:
            return choose(part).because
        except FinetunerError as error:
            return str(error)

    def _choose_file(self) -> None:
        kinds = self.tr("Weights (*.safetensors *.pth *.pt *.bin);;All files (*)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a weight file"), "", kinds)
        if chosen:
            self.inspect(Path(chosen))

    # --- looks ------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.shelf.chosen.connect(self._on_chosen)
        self.recommendations.chosen.connect(self.shelf.select)
        self.meter.measured.connect(self._show_speed)
        self.advice.chosen.connect(self.shelf.select)
        self.advice.use.connect(self.use)
        self.advice.stopped.connect(self._stop_advice)
        self.advice.closed.connect(self._close_advice)
        self.shelf.activated.connect(lambda row: self.use(row.name) if row.available else self.detail.button.setFocus())
        self.detail.use.connect(self.use)
        self.detail.download.connect(self.download)
        self.detail.use_random.connect(lambda name: self._change(backbone=name, weights=None, pretrained=False))
        self.session.job_changed.connect(self._show_draft)

    def _lay_out(self) -> None:
        self.body.addWidget(self.progress)
        self.body.addWidget(self.recommendations)
        self.body.addWidget(self.advice)
        self.body.addWidget(self.shelf, 1)
        self.body.addWidget(self.detail)
