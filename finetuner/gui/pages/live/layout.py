"""Where the parts of the Live page lie: the picture with what belongs to it, beside it the answer and the choices."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from finetuner.gui import theme

if TYPE_CHECKING:
    from finetuner.gui.pages.live.page import LivePage

SIDE = theme.GRID * 36


def lay_out(page: "LivePage") -> None:
    """Put every part into the page's body."""
    row = QHBoxLayout()
    row.setSpacing(theme.SECTION)
    row.addLayout(_picture(page), 1)
    row.addLayout(_side(page))
    page.body.addLayout(row, 1)


def _picture(page: "LivePage") -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(theme.GRID)
    column.addWidget(page.wall, 1)
    for part in (page.steps, page.transport, page.captures, page.actor, page.desk.panel):
        column.addWidget(part)
    return column


def _side(page: "LivePage") -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(theme.GAP)
    for part in (page.panel, page.rival, page.setup):
        part.setFixedWidth(SIDE)
    column.addWidget(page.panel)
    column.addWidget(page.rival)
    column.addStretch(1)
    column.addWidget(page.setup)
    return column
