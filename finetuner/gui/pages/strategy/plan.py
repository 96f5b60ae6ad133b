"""The plan of the draft, drawn live."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from finetuner.engine.events import Event, Failed, PlanDrawn
from finetuner.engine.job import Job
from finetuner.engine.requests import PlanRequest
from finetuner.gui import theme
from finetuner.gui.session import Session
from finetuner.gui.widgets.plan_table import PlanRow, PlanTable

TYPING_MS = 200


class PlanPanel(QWidget):
    """Asks for the plan a moment after the last change; an answer to an older question is not shown."""

    def __init__(self, session: Session, tell: Callable[[str, str], object]) -> None:
        super().__init__()
        self.table, self.note = PlanTable(), theme.label("", "small", wrap=True)
        self._session, self._tell = session, tell
        self._asked: Job | None = None
        self._question = 0
        self._pause = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._pause.timeout.connect(self._ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(theme.label(self.tr("What learns when"), "heading"))
        layout.addWidget(self.note)
        layout.addWidget(self.table)

    def draw(self) -> None:
        """Draw the plan of the draft, soon."""
        self._pause.start()

    def _ask(self) -> None:
        job = self._session.job
        if self._asked is not None and _same_plan(job, self._asked):
            return
        self._asked = job
        self._question += 1
        question = self._question
        self.note.setText(self.tr("Drawing the plan…"))
        self._session.call(PlanRequest(job=job), lambda event: self._on_event(question, event))

    def _on_event(self, question: int, event: Event) -> None:
        if question != self._question:
            return
        match event:
            case PlanDrawn():
                self._show(event)
            case Failed():
                self._asked = None
                self.note.setText("")
                self._tell(event.sentence, event.next_step)

    def _show(self, event: PlanDrawn) -> None:
        ends = [row.start for row in event.phases[1:]] + [event.epochs]
        rows = [
            PlanRow(row.title, _when(row.start + 1, end), row.rates, self.tr("solved") if row.solve else "")
            for row, end in zip(event.phases, ends, strict=True)
        ]
        self.table.show_plan(event.blocks, event.block_parameters, rows)
        self.table.setFixedHeight(min(self.table.sizeHint().height(), theme.GRID * 30))
        words = self.tr("Learning rates; a snowflake is a frozen block. {}")
        self.note.setText(words.format(_batch_norm(event.batch_norm)))


def _when(first: int, last: int) -> str:
    return f"epoch {first}" if first == last else f"epochs {first}–{last}"


def _batch_norm(mode: str) -> str:
    return {
        "train": "Batch-norm statistics are trained.",
        "frozen": "Batch-norm statistics stay frozen.",
        "frozen-affine": "Batch-norm stays frozen, its weights too.",
    }.get(mode, "")


def _same_plan(one: Job, other: Job) -> bool:
    return one.strategy == other.strategy and one.backbone == other.backbone
