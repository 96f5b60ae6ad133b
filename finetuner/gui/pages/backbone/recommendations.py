"""The short list that leads the page: a card for each wish."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from finetuner.engine.events import BackboneRow
from finetuner.gui import theme
from finetuner.gui.pages.backbone.columns import WISHES, tr, write_gmacs, write_milliseconds, write_top1
from finetuner.gui.widgets.choice_card import ChoiceCard


class Recommendations(QWidget):
    """`chosen` carries a backbone's name. Hidden while nothing is recommended."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cards = {wish: ChoiceCard("", "") for wish in WISHES}
        self._names: dict[str, str] = {}
        self.setAccessibleName(tr("Recommended backbones"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GAP)
        for wish, card in self.cards.items():
            card.clicked.connect(lambda _=False, wish=wish: self.chosen.emit(self._names[wish]))
            layout.addWidget(card, 1)
        self.hide()

    def show_rows(self, rows: Sequence[BackboneRow]) -> None:
        """Show those of them that are recommended."""
        recommended = {row.recommended: row for row in rows if row.recommended in self.cards}
        self._names = {wish: row.name for wish, row in recommended.items()}
        for wish, card in self.cards.items():
            card.setVisible(wish in recommended)
            if wish in recommended:
                card.say(title(recommended[wish]), sentence(recommended[wish]))
        self.setVisible(bool(recommended))

    def mark(self, name: str) -> None:
        """Show which of them is the one selected in the table, if any."""
        for wish, card in self.cards.items():
            card.setChecked(self._names.get(wish) == name)


def title(row: BackboneRow) -> str:
    """`Balanced: convnext_nano`."""
    words = {"fast": tr("Fast"), "balanced": tr("Balanced"), "accurate": tr("Accurate")}
    return f"{words[row.recommended]}: {row.architecture}"


def sentence(row: BackboneRow) -> str:
    """`82.3 % on ImageNet · 31 ms here`, and below it `download 62 MB`."""
    accuracy = tr("{} % on ImageNet").format(write_top1(row)) if row.top1 is not None else ""
    return "  ·  ".join(part for part in (accuracy, _cost(row)) if part) + f"\n{row.where}"


def _cost(row: BackboneRow) -> str:
    if row.milliseconds is not None:
        return tr("{} ms here").format(write_milliseconds(row))
    return tr("{} GMACs").format(write_gmacs(row)) if row.gmacs is not None else ""
