"""The shelf: the catalogue as a table, and the boxes that leave rows out."""

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox

from finetuner.engine.events import BackboneRow, SpeedMeasured
from finetuner.gui.pages.backbone.columns import architecture, columns, in_reading_order, said, tr
from finetuner.gui.widgets.search_table import SearchTable


class Shelf(SearchTable):
    """Rows of the catalogue, the recommended first."""

    def __init__(self) -> None:
        super().__init__(columns(), tr("Search by name, family, source or licence"), said=said)
        self.on_disk = QCheckBox(tr("Only what is on this disk"))
        self.commercial = QCheckBox(tr("Hide non-commercial"))
        for box in (self.on_disk, self.commercial):
            box.toggled.connect(self._keep)
            self.add_beside_search(box)

    def list(self, rows: Sequence[BackboneRow]) -> None:
        """Show the catalogue."""
        self.show_rows(in_reading_order(rows))

    def select(self, name: str) -> None:
        """Select a backbone by its name, else by its architecture alone."""
        if not self.choose(lambda row: row.name == name):
            self.choose(lambda row: architecture(row.name) == architecture(name))

    def put(self, speed: SpeedMeasured) -> None:
        """Put a measured time into every row of this network."""
        self.change(lambda row: timed(row, speed))

    def _keep(self) -> None:
        at_hand, free = self.on_disk.isChecked(), self.commercial.isChecked()
        self.keep(lambda row: (row.available or not at_hand) and not (free and row.permission == "non-commercial"))


def timed(row: BackboneRow, speed: SpeedMeasured) -> BackboneRow:
    """The row with this time, where it is the same network at the same size; else the very row."""
    if (row.architecture, row.input_size) != (speed.architecture, speed.image_size):
        return row
    return row.model_copy(update={"milliseconds": speed.milliseconds, "measured_on": speed.measured_on})
