"""Which pictures the board wants, and of which it is plain beforehand that there can be none."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from finetuner.gui.pages.explanations.choices import ClassMenu, LayerMenu
from finetuner.gui.pages.explanations.photos import Photo, Photos
from finetuner.gui.pages.explanations.wish import Wish, wish

UNREADABLE = "This file cannot be read as an image."
_UNTOLD = "The true class of this image is not known. Choose a class by its name."


class Plan:
    """`wishes` by photo and method; `reasons` by photo, where there can be no picture of it."""

    def __init__(self, photos: Sequence[Photo], classes: ClassMenu) -> None:
        self.wishes: dict[tuple[Path, str], Wish] = {}
        self.reasons: dict[Path, str] = {}
        if classes.wants_truth():
            untold = QCoreApplication.translate("Plan", _UNTOLD)
            self.reasons = {photo.path: untold for photo in photos if photo.truth is None}

    def refuse(self, path: Path) -> None:
        """The file cannot be read."""
        self.reasons[path] = QCoreApplication.translate("Plan", UNREADABLE)


def planned(
    run: Path, photos: Sequence[Photo], methods: Sequence[str], read: Photos, classes: ClassMenu, layers: LayerMenu
) -> Plan:
    """Wishes for the photos that have arrived."""
    plan = Plan(photos, classes)
    for photo in photos:
        if read.unreadable(photo.path):
            plan.refuse(photo.path)
        elif photo.path not in plan.reasons and (content := read.content(photo.path)):
            label = classes.label(photo.truth)
            for method in methods:
                plan.wishes[photo.path, method] = wish(run, photo.path, content, method, label, layers.layer)
    return plan
