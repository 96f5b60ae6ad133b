"""The Backbone page."""

from pathlib import Path

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog

from finetuner.engine.backbones.carry.label import read_label
from finetuner.engine.backbones.catalogue import catalogue
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import (
    BackboneRow,
    CatalogueListed,
    Event,
    Failed,
    Progress,
    SpeedMeasured,
    WeightsInspected,
)
from finetuner.engine.job import Job
from finetuner.engine.requests import CatalogueRequest, InspectWeightsRequest
from finetuner.gui.bridge.local import LocalTask
from finetuner.gui.pages.backbone.advice import Advice
from finetuner.gui.pages.backbone.detail import Detail
from finetuner.gui.pages.backbone.draft import in_words, is_automatic
from finetuner.gui.pages.backbone.meter import SpeedMeter
from finetuner.gui.pages.backbone.recommendations import Recommendations
from finetuner.gui.pages.backbone.shelf import Shelf, timed
from finetuner.gui.pages.backbone.transfers import Transfers
from finetuner.gui.pages.page import Page
from finetuner.gui.session import Session
from finetuner.gui.widgets.progress_line import ProgressLine


class BackbonePage(Page):
    """The shelf, searched and sorted; what the draft uses, and why."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.progress, self.transfers, self.detail = ProgressLine(), Transfers(self), Detail()
        self.recommendations, self.advice, self.shelf = Recommendations(), Advice(self), Shelf()
        self.meter = SpeedMeter(session, self)
        self.advise = self.add_action(self.tr("Try on my images"), self.advice.ask, "quiet", "compare")
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

    def _show_rows(self, rows: tuple[BackboneRow, ...]) -> None:
        self.shelf.list(rows)
        self._show_recommendations()
        self.shelf.select(self.session.job.backbone.backbone)
        self.meter.want(row for row in self.shelf.model.rows if row.recommended or row.available)

    def _show_recommendations(self) -> None:
        """Unless the adviser, who has seen the images, knows better."""
        if self.advice.isVisible():
            self.recommendations.hide()
        else:
            self.recommendations.show_rows(self.shelf.model.rows)

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

    # --- weights that come and go -----------------------------------------------------------------------------

    def open_file(self, file: Path) -> None:
        """Keep a carry file; of any other weight file, find out which network it fits."""
        try:
            carried = read_label(file) is not None
        except FinetunerError as error:
            self.tell(error.sentence, error.next_step)
            return
        if carried:
            self.transfers.carry_in(file)
        else:
            self.inspect(file)

    def inspect(self, file: Path) -> None:
        """Find out which network a weight file fits."""
        self.notice.clear()
        self.progress.show_progress(self.tr("Reading {}").format(file.name))
        self.call(InspectWeightsRequest(weights=file), self._on_inspected, self.progress.finish)

    def _on_inspected(self, event: Event) -> None:
        match event:
            case Progress():
                self.progress.show_progress(event.activity, event.done, event.total, event.rate, event.seconds_left)
            case WeightsInspected():
                self.tell(event.sentence, self.tr("The next run starts from this file."), "good")
                self._change(backbone=event.backbone, weights=Path(event.path), pretrained=True)
                self.shelf.select(event.backbone)
            case Failed():
                self.progress.finish()

    def _on_arrival(self, name: str) -> None:
        self.use(name)
        self._list()

    def _carry_out(self, name: str) -> None:
        suggested = f"{name.replace('/', '--')}.safetensors"
        kinds = self.tr("Weights (*.safetensors)")
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Carry weights to another machine"), suggested, kinds)
        if chosen:
            self.transfers.carry_out(name, Path(chosen))

    def _choose_file(self) -> None:
        kinds = self.tr("Weights (*.safetensors *.pth *.pt *.bin);;All files (*)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a weight file"), "", kinds)
        if chosen:
            self.open_file(Path(chosen))

    # --- what the draft uses ----------------------------------------------------------------------------------

    def use(self, name: str) -> None:
        """Make a backbone the draft's, with its own weights."""
        self._change(backbone=name, weights=None, pretrained=True)

    def _automatic(self) -> None:
        self.use("auto")

    def _change(self, **options: object) -> None:
        refused = self.session.change_job(**options)
        if refused:
            self.tell(refused)

    def _show_draft(self, job: Job) -> None:
        self.set_title(self.tr("Backbone"), in_words(job.backbone))
        self.automatic.setVisible(not is_automatic(job.backbone))
        self.detail.show_row(self.detail.row, job.backbone.backbone)

    # --- looks ------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.shelf.chosen.connect(self._on_chosen)
        self.shelf.activated.connect(lambda row: self.use(row.name) if row.available else self.detail.button.setFocus())
        self.recommendations.chosen.connect(self.shelf.select)
        self.meter.measured.connect(self._show_speed)
        self.advice.chosen.connect(self.shelf.select)
        self.advice.use.connect(self.use)
        self.advice.changed.connect(self._show_recommendations)
        self.advice.working.connect(self.advise.setDisabled)
        self.detail.use.connect(self.use)
        self.detail.download.connect(self.transfers.download)
        self.detail.carry.connect(self._carry_out)
        self.detail.use_random.connect(lambda name: self._change(backbone=name, weights=None, pretrained=False))
        self.transfers.arrived.connect(self._on_arrival)
        self.session.job_changed.connect(self._show_draft)
        self.session.job_changed.connect(self.advice.show_draft)

    def _lay_out(self) -> None:
        for widget in (self.progress, self.transfers, self.recommendations, self.advice):
            self.body.addWidget(widget)
        self.body.addWidget(self.shelf, 1)
        self.body.addWidget(self.detail)
