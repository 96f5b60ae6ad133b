"""The images a run was validated on, in one line: mistakes first, since they are what one wants explained."""

import json
from pathlib import Path

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.tables import read_predictions
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui import theme
from finetuner.gui.bridge.images import load_image
from finetuner.gui.widgets.thumbnail_grid import Picture, ThumbnailGrid


class Gallery(ThumbnailGrid):
    """One line of thumbnails; the others are scrolled to."""

    def __init__(self) -> None:
        super().__init__(load_image, side=theme.GRID * 11)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def show_run(self, run: Path) -> None:
        """Show this run's validation images and choose the first."""
        self.pictures.replace(pictures_of(run))
        self.setCurrentIndex(self.pictures.index(0))

    def caption(self, image: Path) -> str:
        """What is known about an image; nothing if it is not of this run."""
        return next((picture.caption for picture in self.pictures.pictures if picture.key == str(image)), "")

    def chosen(self) -> Path | None:
        """The image chosen last."""
        row = self.currentIndex().row()
        return Path(self.pictures.pictures[row].key) if row >= 0 else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.line_height())
        self.scrollTo(self.currentIndex())


def pictures_of(run: Path) -> list[Picture]:
    """The run's validation images, each with its label; those it got wrong come first and are marked."""
    answers = _answers(run)
    pictures = [_picture(path, label, answers.get(str(path), label)) for path, label in _pinned(run)]
    return sorted(pictures, key=lambda picture: not picture.flawed)


def class_names(run: Path) -> tuple[str, ...]:
    """The run's classes; none when the folder does not say."""
    try:
        return RunFolder(run).classes
    except OSError:
        return ()


def _picture(path: Path, truth: str, answer: str) -> Picture:
    wrong = answer != truth
    return Picture(key=str(path), caption=f"{truth} → {answer}" if wrong else truth, flawed=wrong)


def _pinned(run: Path) -> list[tuple[Path, str]]:
    try:
        return RunFolder(run).pinned("val")
    except (OSError, ValueError, KeyError, json.JSONDecodeError):
        return []


def _answers(run: Path) -> dict[str, str]:
    try:
        return {row.source: row.label for row in read_predictions(run, top=1)}
    except FinetunerError:
        return {}
