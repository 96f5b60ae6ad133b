"""The images one can choose from, in one line: what was opened, then the run's validation images, mistakes first."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.tables import read_predictions
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.pages.explanations.photos import Photo
from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.thumbnail_grid import Picture, ThumbnailGrid

Wanted = Literal["all", "wrong", "right"]
_FLAG = QItemSelectionModel.SelectionFlag


class Gallery(ThumbnailGrid):
    """One line of thumbnails; the others are scrolled to. Several may be chosen; `chosen` when others are."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__(load_image, side=theme.GRID * 10, lines=2)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._pinned: list[tuple[Photo, bool]] = []
        self._opened: list[Photo] = []
        self._shown: list[Photo] = []
        self._wanted: Wanted = "all"
        self.selectionModel().selectionChanged.connect(self.chosen)
        self.opened.connect(self._enlarge)

    @property
    def photos(self) -> list[Photo]:
        """Those that are chosen, in the order of the line."""
        return [self._shown[row] for row in self.selected_rows()]

    def counts(self) -> dict[Wanted, int]:
        """How many validation images there are, how many the run got wrong, and how many right."""
        wrong = sum(mistaken for _, mistaken in self._pinned)
        return {"all": len(self._pinned), "wrong": wrong, "right": len(self._pinned) - wrong}

    def show_run(self, run: Path) -> None:
        """Show this run's validation images and choose the first."""
        self._pinned, self._opened, self._wanted = photos_of(run), [], "all"
        self._fill(0)

    def show_only(self, wanted: Wanted) -> None:
        """Show all validation images, or those the run got wrong or right, and choose the first."""
        self._wanted = wanted
        self._fill(len(self._opened))

    def open_files(self, paths: Sequence[Path], at_most: int) -> None:
        """Put these in front, and choose the first of them."""
        known = {photo.path: photo for photo, _ in self._pinned}
        fresh = [known.get(path, Photo(path, path.name)) for path in paths]
        self._opened = list(dict.fromkeys(fresh + self._opened))
        self._fill(0, min(len(fresh), at_most))

    def _fill(self, first: int, count: int = 1) -> None:
        mistaken = {photo for photo, wrong in self._pinned if wrong}
        pinned = [photo for photo, wrong in self._pinned if self._wanted == "all" or wrong == (self._wanted == "wrong")]
        self._shown = self._opened + [photo for photo in pinned if photo not in self._opened]
        with QSignalBlocker(self.selectionModel()):
            self.pictures.replace(
                Picture(str(photo.path), photo.caption, flawed=photo in mistaken) for photo in self._shown
            )
            first = max(0, min(first, len(self._shown) - count))
            for row in range(first, min(first + count, len(self._shown))):
                self.selectionModel().select(self.pictures.index(row), _FLAG.Select)
            self.selectionModel().setCurrentIndex(self.pictures.index(first), _FLAG.NoUpdate)
        self.updateGeometries()
        self.scrollTo(self.currentIndex())
        self.chosen.emit()

    def _enlarge(self, row: int) -> None:
        viewer = ImageViewer(load_image, self)
        viewer.show_pictures(self.pictures.pictures, row)
        viewer.finished.connect(viewer.deleteLater)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.line_height())
        self.scrollTo(self.currentIndex())


def photos_of(run: Path) -> list[tuple[Photo, bool]]:
    """The run's validation images, and whether it got each wrong; those come first."""
    answers = _answers(run)
    found = [_photo(path, label, answers.get(str(path), label)) for path, label in _pinned(run)]
    return sorted(found, key=lambda entry: not entry[1])


def class_names(run: Path) -> tuple[str, ...]:
    """The run's classes; none when the folder does not say."""
    try:
        return RunFolder(run).classes
    except FinetunerError:
        return ()


def _photo(path: Path, truth: str, answer: str) -> tuple[Photo, bool]:
    wrong = answer != truth
    return Photo(path, f"{truth} → {answer}" if wrong else truth, truth), wrong


def _pinned(run: Path) -> list[tuple[Path, str]]:
    try:
        return RunFolder(run).pinned("val")
    except FinetunerError:
        return []


def _answers(run: Path) -> dict[str, str]:
    try:
        return {row.source: row.label for row in read_predictions(run, top=1)}
    except FinetunerError:
        return {}
