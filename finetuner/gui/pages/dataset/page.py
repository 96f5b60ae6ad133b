"""The Dataset page: nothing there yet, a scan under way, or a data set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget

from finetuner.gui.pages.dataset.first_model import FirstModel
from finetuner.gui.pages.dataset.welcome import Welcome
from finetuner.gui.pages.page import Page
from finetuner.gui.session import Session
from finetuner.gui.widgets.progress_line import ProgressLine

if TYPE_CHECKING:
    from finetuner.engine.events import Failed, Progress, ScanEnded, ScannedImage
    from finetuner.gui.pages.dataset.contents import Contents


class DatasetPage(Page):
    """Opens data sets and shows what is in them."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.welcome = Welcome()
        self._contents: Contents | None = None
        self.first_model = FirstModel(session, self.notice)
        self._progress = ProgressLine()
        self._faces = QStackedWidget()
        self._faces.addWidget(self.welcome)
        self._cancel = self.add_action(self.tr("Cancel"), session.dataset.cancel)
        self._open = self.add_action(self.tr("Open folder…"), self.choose_folder, symbol="folder")
        self._train = self.add_action(self.tr("Train"), self._start, "primary", "play")
        self.body.addWidget(self._progress)
        self.body.addWidget(self._faces, 1)
        self.setAcceptDrops(True)
        self._connect()
        self._catch_up()

    @property
    def contents(self) -> Contents:
        """The face that shows a data set, made with the first: a start without any is painted sooner."""
        if self._contents is None:
            from finetuner.gui.pages.dataset.contents import Contents

            self._contents = Contents(self.session)
            self._contents.begin()
            self._faces.addWidget(self._contents)
        return self._contents

    def choose_folder(self) -> None:
        """Ask for a folder and open it."""
        start = str(self.session.dataset.folder or Path.home())
        if chosen := QFileDialog.getExistingDirectory(self, self.tr("Choose a folder of photos"), start):
            self.session.dataset.open(Path(chosen))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A folder can be dropped anywhere on the page."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.session.dataset.open(next(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()))

    def _connect(self) -> None:
        dataset = self.session.dataset
        self.welcome.asked.connect(self.choose_folder)
        self.welcome.chosen.connect(dataset.open)
        self.welcome.sample_wanted.connect(dataset.open_sample)
        dataset.began.connect(self._on_began)
        dataset.found.connect(self._on_found)
        dataset.progressed.connect(self._on_progress)
        dataset.ended.connect(self._on_ended)
        dataset.failed.connect(self._on_failed)
        dataset.cancelled.connect(self._show)
        self.session.training.changed.connect(self._show)
        self.session.job_changed.connect(self._show)
        self.session.folder_wanted.connect(self.choose_folder)

    def _catch_up(self) -> None:
        """Show what the session already knows."""
        dataset = self.session.dataset
        if dataset.images:
            self.contents.add(dataset.images)
        if dataset.result is not None:
            self.contents.end(dataset.result)
        self._show()

    def _on_began(self, folder: Path) -> None:
        self.first_model.cancel()
        self.first_model.look_up_backbone()
        self.notice.clear()
        self.contents.begin()
        self._progress.show_progress(self.tr("Looking into {}").format(folder.name))
        self._show()

    def _on_found(self, images: Sequence[ScannedImage]) -> None:
        self.contents.add(images)
        self._entitle()

    def _on_progress(self, event: Progress) -> None:
        self._entitle()
        self._progress.show_progress(
            event.activity, event.done, event.total, event.rate, event.seconds_left, self.tr("images")
        )

    def _on_ended(self, result: ScanEnded) -> None:
        self.contents.end(result)
        self._show()
        self.first_model.offer(result)

    def _on_failed(self, event: Failed) -> None:
        self.session.dataset.close()
        self._show()
        self.tell(event.sentence, event.next_step)

    def _start(self) -> None:
        if self.first_model.waiting:
            self.first_model.start()
        else:
            self.session.train()

    def _show(self) -> None:
        dataset = self.session.dataset
        folder = dataset.folder
        there = folder is not None
        self._faces.setCurrentWidget(self.contents if there else self.welcome)
        self._cancel.setVisible(dataset.scanning)
        self._open.setVisible(there and not dataset.scanning)
        self._train.setVisible(there and not dataset.scanning)
        self._train.setEnabled(dataset.result is not None and not self.session.training.running)
        self._progress.setVisible(dataset.scanning)
        if there:
            self._entitle()
        else:
            self.set_title(
                self.tr("Start with your photos"), self.tr("From a folder to a model you can use live, in one step.")
            )
            self.welcome.show_recent(self.session.settings.recent)

    def _entitle(self) -> None:
        if (folder := self.session.dataset.folder) is not None:
            self.set_title(folder.name, self._subtitle())

    def _subtitle(self) -> str:
        result = self.session.dataset.result
        if result is None:
            return self._so_far() if self.session.dataset.scanning else self.tr("The scan was cancelled.")
        parts = [self.tr("{:,} images in {} classes").format(result.used, len(result.classes))]
        words = {"train": self.tr("{:,} to train"), "val": self.tr("{:,} to validate"), "test": self.tr("{:,} to test")}
        counts: Counter[str] = Counter(image.split or "train" for image in self.session.dataset.divided())
        parts += [words[split].format(counts[split]) for split in words if counts[split]]
        return "  ·  ".join(parts)

    def _so_far(self) -> str:
        dataset = self.session.dataset
        if not dataset.images:
            return self.tr("Looking for images…")
        classes = len(self.contents.bars.counts)
        words = self.tr("{:,} images in {} classes") if classes > 1 else self.tr("{:,} images in one class")
        counts = words.format(len(dataset.images), classes)
        if dataset.checking:
            return counts + self.tr(". Still checking that every file is whole, and which are copies or look alike.")
        return counts + self.tr(" so far")
