"""The options of a run: those that matter for the chosen strategy, and all others under Advanced."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from finetuner.engine.job import BackbonePart, ComputePart, DataPart, Job, OptimisationPart, Part, StrategyPart
from finetuner.engine.strategies import STRATEGIES
from finetuner.gui import theme
from finetuner.gui.forms import PartForm, align
from finetuner.gui.widgets.disclosure import disclosure

STRATEGY = ("epochs", "lr", "freeze_blocks", "layer_decay")
AUTOMATIC = ("epochs", "lr")
ADVANCED: tuple[tuple[str, type[Part], tuple[str, ...]], ...] = (
    ("strategy", StrategyPart, ("batch_norm",)),
    ("optimisation", OptimisationPart, tuple(OptimisationPart.model_fields)),
    ("backbone", BackbonePart, ("image_size", "dropout", "drop_path")),
    ("data", DataPart, ("val_split", "balance")),
    ("compute", ComputePart, tuple(ComputePart.model_fields)),
)


class OptionsPanel(QWidget):
    """Forms over the draft; `change(options)` is called with what the user changed."""

    def __init__(self, change: Callable[[dict[str, object]], object]) -> None:
        super().__init__()
        self.essential = PartForm(StrategyPart, STRATEGY)
        self.essential.changed.connect(change)
        self.advanced = QWidget()
        self.forms: dict[str, PartForm] = {}
        rows = QVBoxLayout(self.advanced)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.GRID + theme.HALF)
        for part, kind, names in ADVANCED:
            self.forms[part] = PartForm(kind, names)
            self.forms[part].changed.connect(change)
            rows.addWidget(self.forms[part])
        align([self.essential, *self.forms.values()])
        self.more = disclosure(self.tr("Advanced"), self.advanced)
        self._lay_out()

    def show_job(self, job: Job) -> None:
        """Show the draft's values, and only the options its strategy listens to."""
        self.essential.show_values(job.strategy)
        for part, form in self.forms.items():
            form.show_values(getattr(job, part))
        strategy = STRATEGIES.get(job.strategy.strategy)
        heard = strategy.options if strategy is not None else AUTOMATIC
        for name in STRATEGY:
            self.essential.set_row_visible(name, name in heard)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID + theme.HALF)
        layout.addWidget(theme.label(self.tr("Options"), "heading"))
        layout.addWidget(self.essential)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.advanced)
