"""The certificate as a card: what was compared, and how well the file agrees with the app."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from finetuner.engine.events import Exported
from finetuner.gui import theme
from finetuner.gui.pages.export import formats
from finetuner.gui.pages.export.comparison import Comparison
from finetuner.gui.widgets.metric_tile import MetricTile

_SEAL = theme.GRID * 6
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class CertificateCard(QFrame):
    """`show_exported(event)`; before that it says what will be certified."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._passed: bool | None = None
        self._seal = QLabel()
        self.title = theme.label("", "heading")
        self.sentence = theme.label("", "muted", wrap=True)
        self.tiles = {key: MetricTile(name) for key, name in self._figures().items()}
        self.comparison = Comparison()
        self._small = theme.label("", "small", wrap=True)
        self._small.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fill()
        self.promise()

    def promise(self) -> None:
        """Say what will be checked."""
        self._passed = None
        self.title.setText(self.tr("Every export is checked before it gets its name"))
        self.sentence.setText(
            self.tr(
                "The file is opened from disk, as its user would open it, and answers the run's validation images."
                " Only if it answers as the app does is it kept. What was compared is shown here and stored in the"
                " file."
            )
        )
        for tile in self.tiles.values():
            tile.show_value("–", tile.note)
        self.comparison.show_rows(())
        self._finish("")

    def show_exported(self, event: Exported) -> None:
        """Show what was compared."""
        found = event.certificate
        self._passed = found.passed
        self.title.setText(self.tr("Verified") if found.passed else self.tr("Not verified"))
        self.sentence.setText(
            self.tr("{} gives the app's answers on all images compared.").format(Path(event.path).name)
            if found.agreement == 1
            else found.sentence()
        )
        self._fill_tiles(event)
        self.comparison.show_rows(event.figures)
        self._finish("\n".join(part for part in (found.note, _made_with(event)) if part))
        self.setAccessibleName(f"{self.title.text()}: {found.sentence()}")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == event.Type.PaletteChange:
            self._draw_seal()
        super().changeEvent(event)

    def _figures(self) -> dict[str, str]:
        return {
            "images": self.tr("Images compared"),
            "agreement": self.tr("Same answer"),
            "difference": self.tr("Largest difference"),
            "format": self.tr("Format"),
            "size": self.tr("Size"),
            "speed": self.tr("Time per image"),
        }

    def _fill_tiles(self, event: Exported) -> None:
        found, known = event.certificate, formats.about(event.format)
        difference, allowed = _scientific(found.largest_difference), self._allowed(found.tolerance)
        speed = f"{event.milliseconds:.1f} ms" if event.milliseconds else "–"
        self.tiles["images"].show_value(f"{found.images:,}", self.tr("not seen in training") if found.labelled else "")
        self.tiles["agreement"].show_value(f"{100 * found.agreement:g} %", self.tr("likeliest class"))
        self.tiles["difference"].show_value(difference, allowed)
        self.tiles["format"].show_value(known.title, self.tr("checked from disk"))
        self.tiles["size"].show_value(
            f"{event.size_mb:.1f} MB", self.tr("one file") if known.suffix else self.tr("one folder")
        )
        self.tiles["speed"].show_value(speed, self.tr("640 × 480, on this machine"))

    def _allowed(self, tolerance: float) -> str:
        if tolerance >= 1:
            return self.tr("of a probability; accuracy decides")
        return self.tr("of a probability; allowed {}").format(f"{tolerance:g}")

    def _finish(self, small: str) -> None:
        self._small.setText(small)
        self._small.setVisible(bool(small))
        self._draw_seal()

    def _draw_seal(self) -> None:
        colour = {None: "faint", True: "good", False: "bad"}[self._passed]
        self._seal.setPixmap(theme.pixmap("certificate", _SEAL, colour))

    def _fill(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.HALF)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self._seal, alignment=Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.GAP)
        for number, tile in enumerate(self.tiles.values()):
            grid.addWidget(tile, number // 3, number % 3, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(number % 3, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID * 3, theme.GRID * 3, theme.GRID * 3, theme.GRID * 3)
        column.setSpacing(theme.GAP)
        column.addLayout(head)
        column.addLayout(grid)
        column.addWidget(self.comparison)
        column.addWidget(self._small)


def _made_with(event: Exported) -> str:
    versions = "  ·  ".join(f"{name} {version}" for name, version in event.certificate.versions.items())
    return f"{_when(event.certificate.created)}  ·  {versions}"


def _when(created: str) -> str:
    try:
        moment = datetime.fromisoformat(created).astimezone()
    except ValueError:
        return created
    words: str = QLocale().toString(moment, "d MMM yyyy, HH:mm")
    return words


def _scientific(value: float) -> str:
    """1.8e-06 as it is written on paper: 1.8 × 10⁻⁶."""
    if value == 0:
        return "0"
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}"
