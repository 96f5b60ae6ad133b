"""How a picture is painted: a form made from the options, and a slider for the strength."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QSlider, QVBoxLayout, QWidget

from finetuner.engine.requests import StylePart
from finetuner.gui import theme
from finetuner.gui.forms import PartForm, align
from finetuner.gui.widgets.disclosure import disclosure
from finetuner.gui.widgets.wheel import calm

ESSENTIAL, ADVANCED = ("method", "weights"), ("decoder", "steps", "side")
_TENFOLD = 20
"""So many steps of the slider make the style ten times as strong."""


class Strength(QWidget):
    """`value` of the slider: by gradients a tenth to ten times a balance, by AdaIN none to all of the style."""

    def __init__(self) -> None:
        super().__init__()
        self._wholly = False
        field = StylePart.model_fields["strength"]
        self.slider = calm(QSlider(Qt.Orientation.Horizontal, accessibleName=self.tr(field.title or "")))
        self.slider.setAccessibleDescription(self.tr(field.description or ""))
        self.slider.setRange(-_TENFOLD, _TENFOLD)
        self.slider.setPageStep(_TENFOLD // 4)
        self.slider.setMinimumHeight(theme.GRID * 3)
        self.slider.valueChanged.connect(self._say)
        self.told = theme.label("", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addWidget(self.told)
        column.addWidget(self.slider)
        self._say()

    @property
    def value(self) -> float:
        """How much of the style."""
        place = self.slider.value() / _TENFOLD
        return round((place + 1) / 2 if self._wholly else float(10**place), 2)

    def show_method(self, method: str) -> None:
        """Another method counts otherwise: begin at its usual strength."""
        if (method == "adain") != self._wholly:
            self._wholly = method == "adain"
            self.slider.setValue(_TENFOLD if self._wholly else 0)
            self._say()

    def _say(self) -> None:
        one = self.tr("all of the style") if self._wholly else self.tr("a balance")
        self.told.setText(self.tr("Strength {:g}, 1 is {}").format(self.value, one))


class StyleOptions(QWidget):
    """`part` is what the form says; `changed` when that is something else."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.part = StylePart()
        self.strength = Strength()
        self.essential, self.advanced = PartForm(StylePart, ESSENTIAL), PartForm(StylePart, ADVANCED)
        align([self.essential, self.advanced])
        self.more = disclosure(self.tr("Advanced"), self.advanced)
        for form in (self.essential, self.advanced):
            form.changed.connect(self.change)
        self._lay_out()
        self.change({})

    @property
    def asked(self) -> StylePart:
        """What to ask for: with the strength, and without what the method does not know."""
        decoder = self.part.decoder if self.part.method == "adain" else None
        return self.part.model_copy(update={"strength": self.strength.value, "decoder": decoder})

    def choose_weights(self, path: Path) -> None:
        """Look through this file's network."""
        self.change({"weights": path})

    def offer_network(self, name: str) -> None:
        """What is looked through while no file is chosen; empty: there is none."""
        field = self.essential.editor("weights").field
        assert isinstance(field, QLineEdit)
        field.setPlaceholderText(name or self.tr("none yet"))

    def change(self, options: dict[str, object]) -> None:
        """Take these over; without a decoder, AdaIN cannot be had."""
        self.part = self.part.model_copy(update=options)
        if self.part.decoder is None:
            self.part = self.part.model_copy(update={"method": "gatys"})
        for form in (self.essential, self.advanced):
            form.show_values(self.part)
        self.essential.grey("method", "adain", "" if self.part.decoder else _no_decoder())
        self.advanced.set_row_visible("steps", self.part.method == "gatys")
        self.strength.show_method(self.part.method)
        self.changed.emit()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID + theme.HALF)
        column.addWidget(self.essential)
        column.addWidget(self.advanced)


def _no_decoder() -> str:
    return QCoreApplication.translate("StyleOptions", "For adain, choose its decoder's weights under Advanced first.")
