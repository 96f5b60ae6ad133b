"""A moment, large, with a way to keep it."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from finetuner.gui import theme
from finetuner.gui.pages.live.moment import Moment
from finetuner.gui.widgets.image_viewer import ZoomView
from finetuner.gui.widgets.ticks import write_percent


class Large(QDialog):
    """The picture as it was, its likeliest classes in words, and `save`."""

    def __init__(self, moment: Moment, parent: QWidget | None = None) -> None:
        super().__init__(parent, windowTitle=moment.words)
        self.view = ZoomView(self)
        self.save = theme.button(self.tr("Save picture"), "", "download")
        told = "  ·  ".join(f"{name} {write_percent(share)}" for name, share in moment.answer.top)
        foot = QHBoxLayout()
        foot.setContentsMargins(*[theme.GRID * 2] * 4)
        foot.addWidget(theme.label(f"{moment.time:%H:%M:%S}   {told}", "muted"), 1)
        foot.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addLayout(foot)
        self.save.clicked.connect(self.accept)
        self.resize(theme.GRID * 100, theme.GRID * 80)
        self.view.show_image(moment.image)
