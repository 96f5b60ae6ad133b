"""What is in the data set: images, what was set aside and why, images per class and split."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from finetuner.engine.events import ScanEnded, ScannedImage
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.pages.dataset.set_aside import SetAside
from finetuner.gui.pages.dataset.split import SplitForm
from finetuner.gui.pages.page import scrolled
from finetuner.gui.session import Session
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.stacked_bars import StackedBars
from finetuner.gui.widgets.thumbnail_grid import Picture, ThumbnailGrid

SPLITS = ("train", "val", "test")


class Contents(QWidget):
    """Images on the left, the classes and their division on the right. A class chosen shows only its images."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: str | None = None
        self._counts: dict[str, Counter[str]] = {}
        self.grid = ThumbnailGrid(load_image, side=theme.GRID * 15)
        self.grid.opened.connect(self._enlarge)
        self.viewer = ImageViewer(load_image, self)
        self.set_aside = SetAside()
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.grid, self.tr("Images"))
        self.tabs.addTab(self.set_aside, self.tr("Set aside"))
        self.bars = StackedBars(self.tr("Images per class"))
        self.bars.chosen.connect(self._show_class)
        self._whole = theme.button(self.tr("Show all"), "quiet")
        self._whole.clicked.connect(lambda: self._show_class(None))
        self.split = SplitForm(session)
        self._notices = theme.label("", "muted", wrap=True)
        session.job_changed.connect(self._recount)
        self._arrange()

    def begin(self) -> None:
        """A new scan: nothing is known yet."""
        self._shown = None
        self._counts.clear()
        self.grid.pictures.replace(())
        self.bars.show_counts({}, SPLITS)
        self._notices.clear()
        self.split.hide()
        self._whole.hide()
        self.tabs.setTabVisible(1, False)
        self.tabs.setTabText(0, self.tr("Images"))

    def add(self, images: Sequence[ScannedImage]) -> None:
        """Images the scan found just now."""
        self.grid.pictures.append([_picture(image) for image in images if self._shown in (None, image.label)])
        self._entitle()
        self._count(images)

    def end(self, result: ScanEnded) -> None:
        """The scan is over: show the division, and what was set aside."""
        self._drop_unusable()
        self._recount()
        self.split.show_given(any(image.split == "val" for image in self._session.dataset.images))
        self.split.show()
        self._notices.setText("\n\n".join(result.notices))
        if result.problems:
            self.set_aside.show_problems(Path(result.folder), result.problems)
            self.tabs.setTabText(1, self.tr("Set aside  {:,}").format(result.excluded))
            self.tabs.setTabVisible(1, True)

    def _recount(self) -> None:
        if self._session.dataset.result is not None:
            self.split.show_draft()
            self._counts.clear()
            self._count(self._session.dataset.divided())

    def _count(self, images: Iterable[ScannedImage]) -> None:
        """Add these images to the bars."""
        for image in images:
            self._counts.setdefault(image.label, Counter())[image.split or "train"] += 1
        rows = {label: tuple(self._counts[label][split] for split in SPLITS) for label in sorted(self._counts)}
        self.bars.show_counts(rows, SPLITS)

    def _show_class(self, label: str | None) -> None:
        self._shown = None if label == self._shown else label
        self._show_images()
        self.tabs.setCurrentIndex(0)
        self._whole.setVisible(self._shown is not None)

    def _show_images(self) -> None:
        images = [image for image in self._session.dataset.images if self._shown in (None, image.label)]
        self.grid.pictures.replace(_picture(image) for image in images)
        self._entitle()

    def _entitle(self) -> None:
        name = theme.plain(self._shown) if self._shown else self.tr("Images")
        self.tabs.setTabText(0, f"{name}  {len(self.grid.pictures.pictures):,}")

    def _drop_unusable(self) -> None:
        """Some of what the headers promised was no whole image."""
        usable = {image.path for image in self._session.dataset.images}
        if any(picture.key not in usable for picture in self.grid.pictures.pictures):
            self._show_images()

    def _enlarge(self, row: int) -> None:
        self.viewer.show_pictures(self.grid.pictures.pictures, row)

    def _arrange(self) -> None:
        column = QWidget()
        side = QVBoxLayout(column)
        side.setContentsMargins(0, 0, theme.GRID, 0)
        side.setSpacing(theme.GRID)
        side.addWidget(self._heading())
        side.addWidget(self.bars)
        side.addSpacing(theme.GAP)
        side.addWidget(self.split)
        side.addSpacing(theme.GAP)
        side.addWidget(self._notices)
        side.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SECTION)
        row.addWidget(self.tabs, 1)
        area = scrolled(column)
        area.setFixedWidth(theme.GRID * 39)
        row.addWidget(area)

    def _heading(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(theme.label(self.tr("Classes"), "heading"), 1)
        row.addWidget(self._whole)
        return made


def _picture(image: ScannedImage) -> Picture:
    return Picture(key=image.path, caption=image.label)
