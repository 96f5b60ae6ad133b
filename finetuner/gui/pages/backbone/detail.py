"""The network at hand, in words, and the one thing to do with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.events import BackboneRow
from finetuner.gui import theme
from finetuner.gui.pages.backbone.facts import facts


class Detail(QFrame):
    """`use`, `download`, `use_random` and `carry` come with a backbone's name."""

    use = Signal(str)
    download = Signal(str)
    use_random = Signal(str)
    carry = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.row: BackboneRow | None = None
        self.setProperty("role", "card")
        self.name, self.facts = theme.label("", "heading"), theme.label("", "muted", wrap=True)
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = theme.button("", "", "check")
        self.button.clicked.connect(self._act)
        self.carry_out = theme.button(self.tr("Carry out…"), "quiet")
        self.carry_out.setToolTip(self.tr("Write its weights as one file, for a machine without network"))
        self.carry_out.clicked.connect(lambda: self.row and self.carry.emit(self.row.name))
        self._lay_out()
        self.show_row(None, "")

    def show_row(self, row: BackboneRow | None, chosen: str) -> None:
        """Show a row of the catalogue; `chosen` is the backbone of the draft."""
        self.row = row
        self.button.setVisible(row is not None)
        self.carry_out.setVisible(row is not None and row.available)
        if row is None:
            self.name.setText(self.tr("No backbone selected"))
            self.facts.setText(self.tr("Select one to read about it; press Enter to use it."))
            return
        self.name.setText(row.name)
        self.facts.setText(facts(row))
        self.button.setIcon(theme.icon("check" if row.available else "download", "text", "text"))
        self.button.setEnabled(row.name != chosen)
        self.button.setText(self.tr("In use") if row.name == chosen else self._offer(row))

    def _offer(self, row: BackboneRow) -> str:
        if row.available:
            return self.tr("Use this backbone")
        if row.where.startswith("download"):
            return self.tr("Download {:,.0f} MB and use").format(row.size_mb)
        return self.tr("Use with random weights")

    def _act(self) -> None:
        if self.row is None:
            return
        if self.row.available:
            self.use.emit(self.row.name)
        elif self.row.where.startswith("download"):
            self.download.emit(self.row.name)
        else:
            self.use_random.emit(self.row.name)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.HALF)
        words.addWidget(self.name)
        words.addWidget(self.facts)
        holder = QWidget()
        holder.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GAP, theme.GRID + theme.HALF, theme.GAP, theme.GRID + theme.HALF)
        layout.setSpacing(theme.GRID)
        layout.addWidget(holder, 1)
        layout.addWidget(self.carry_out)
        layout.addWidget(self.button)
