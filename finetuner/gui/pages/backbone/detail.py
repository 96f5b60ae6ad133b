"""The network at hand, in words, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from finetuner.engine.events import BackboneRow
from finetuner.gui import theme
from finetuner.gui.pages.backbone.columns import write_count


class Detail(QFrame):
    """`use` and `download` carry a backbone's name."""

    use = Signal(str)
    download = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.row: BackboneRow | None = None
        self.setProperty("role", "card")
        self.name, self.facts = theme.label("", "heading"), theme.label("", "muted", wrap=True)
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.use_button = theme.button(self.tr("Use this backbone"), "", "check")
        self.use_button.clicked.connect(lambda: self._tell(self.use))
        self.download_button = theme.button(self.tr("Download"), "", "download")
        self.download_button.clicked.connect(lambda: self._tell(self.download))
        self._lay_out()
        self.show_row(None, "")

    def show_row(self, row: BackboneRow | None, chosen: str) -> None:
        """Show a row of the catalogue; `chosen` is the backbone of the draft."""
        self.row = row
        self.use_button.setVisible(row is not None)
        self.download_button.setVisible(row is not None and row.where.startswith("download"))
        if row is None:
            self.name.setText(self.tr("No backbone selected"))
            self.facts.setText(self.tr("Select one to read about it; press Enter to use it."))
            return
        self.name.setText(row.name)
        self.facts.setText(self._sentence(row))
        self.download_button.setText(self.tr("Download {:,.0f} MB").format(row.size_mb))
        self.use_button.setEnabled(row.name != chosen)
        self.use_button.setText(self.tr("In use") if row.name == chosen else self.tr("Use this backbone"))

    def _sentence(self, row: BackboneRow) -> str:
        parts = [
            self.tr("{} parameters, {:,.0f} MB, {} pixels").format(
                write_count(row.parameters), row.size_mb, row.input_size
            ),
            row.where,
            self.tr("licence {}").format(row.licence) if row.licence else "",
            row.note,
        ]
        return "  ·  ".join(part for part in parts if part)

    def _tell(self, signal: object) -> None:
        if self.row is not None:
            signal.emit(self.row.name)  # type: ignore[attr-defined]

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.HALF)
        words.addWidget(self.name)
        words.addWidget(self.facts)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GAP, theme.GRID + theme.HALF, theme.GAP, theme.GRID + theme.HALF)
        layout.setSpacing(theme.GRID)
        holder = QWidget()
        holder.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(holder, 1)
        layout.addWidget(self.download_button)
        layout.addWidget(self.use_button)
