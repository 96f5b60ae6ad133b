"""The Strategy page."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from finetuner.engine.job import Job
from finetuner.engine.strategies import STRATEGIES
from finetuner.gui import theme
from finetuner.gui.pages.page import Page
from finetuner.gui.pages.strategy.augmentation import AugmentationPanel
from finetuner.gui.pages.strategy.options import OptionsPanel
from finetuner.gui.pages.strategy.plan import PlanPanel
from finetuner.gui.pages.strategy.race import RacePanel
from finetuner.gui.session import Session
from finetuner.gui.widgets.choice_card import ChoiceCards

CARDS, NARROW_CARDS = theme.GRID * 39, theme.GRID * 31
NARROW = theme.GRID * 120
"""The page's width below which the cards give room to what they mean."""


class StrategyPage(Page):
    """Left the strategies, right what the chosen one means for this network."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_title(
            self.tr("Strategy"), self.tr("How the network is taught your classes: what learns, when, how fast.")
        )
        self.train = self.add_action(self.tr("Train"), session.train, "primary", "play")
        self.train.setToolTip(self.tr("Train a new run with these options (Ctrl+Enter)"))
        self.cards = ChoiceCards(
            {"auto": self._automatic()} | {key: (it.title, it.sentence) for key, it in STRATEGIES.items()}
        )
        self.plan = PlanPanel(session, self.tell)
        self.options = OptionsPanel(self._change)
        self.augmentation = AugmentationPanel(session, self._change)
        self.race = RacePanel(session)
        self._lay_out()
        self.cards.chosen.connect(lambda key: self._change({"strategy": key}))
        session.job_changed.connect(self._show)
        session.training.changed.connect(self._show_state)
        self._show(session.job)

    def entered(self) -> None:
        """The data set may have changed since the last visit."""
        self._show(self.session.job)
        QTimer.singleShot(0, self, self._reveal)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._left.setFixedWidth((CARDS if event.size().width() >= NARROW else NARROW_CARDS) + theme.GAP)

    def _reveal(self) -> None:
        self._left.ensureWidgetVisible(self.cards.cards[self.session.job.strategy.strategy])

    def _automatic(self) -> tuple[str, str]:
        return (
            self.tr("Automatic"),
            self.tr("A linear probe where the network is pretrained, else learning from scratch: a first model soon."),
        )

    def _change(self, options: dict[str, object]) -> None:
        refused = self.session.change_job(**options)
        if refused:
            self.tell(refused)
        else:
            self.notice.clear()

    def _show(self, job: Job) -> None:
        self.cards.choose(job.strategy.strategy)
        self.options.show_job(job)
        self.augmentation.show_job(job)
        self.plan.draw()
        self.race.refresh()
        self._show_state()

    def _show_state(self) -> None:
        self.train.setEnabled(not self.session.training.running and self.session.job.data.data is not None)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(theme.SECTION)
        for panel in (self.plan, self.options, self.augmentation, self.race):
            right.addWidget(panel)
        right.addStretch(1)
        halves = QHBoxLayout()
        halves.setSpacing(theme.SECTION)
        self._left = _scrolling(self.cards)
        halves.addWidget(self._left)
        self.right = _scrolling(right)
        halves.addWidget(self.right, 1)
        self.body.addLayout(halves, 1)


def _scrolling(content: QWidget | QLayout) -> QScrollArea:
    area, box = QScrollArea(), QWidget()
    box.setObjectName("content")
    layout = content if isinstance(content, QLayout) else QVBoxLayout()
    if isinstance(content, QWidget):
        layout.addWidget(content)
    layout.setContentsMargins(0, 0, theme.GAP, 0)
    box.setLayout(layout)
    area.setWidget(box)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
