"""Teaching put on the Live page: keys and frames come in, a better model goes out."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Failed
from finetuner.engine.teaching.extractor import Extractor
from finetuner.engine.teaching.head import Features
from finetuner.gui.pages.live.answerer import Answerer
from finetuner.gui.pages.live.teaching.keys import NumberKeys
from finetuner.gui.pages.live.teaching.panel import TeachingPanel
from finetuner.gui.pages.live.teaching.teacher import Teacher
from finetuner.gui.pages.live.viewing import Viewing
from finetuner.gui.session import Session


class Desk(QObject):
    """`turn_on(run)` shows the panel under the picture; the view changes over to what is taught, without a pause."""

    changed = Signal()
    """Teaching has begun, or is over."""
    troubled = Signal(object)
    """A Failed to tell."""

    def __init__(
        self,
        session: Session,
        viewing: Viewing,
        answerer: Answerer,
        page: QWidget,
        open_network: Callable[[Path], Features] = Extractor,
    ) -> None:
        super().__init__(page)
        self._session, self._viewing, self._answerer = session, viewing, answerer
        self.teacher = Teacher(session, open_network, self)
        self.panel = TeachingPanel(self.teacher)
        self.panel.hide()
        self.keys = NumberKeys(page, lambda: self.active and viewing.running)
        self._connect()

    @property
    def active(self) -> bool:
        """Whether somebody teaches."""
        return self.teacher.active

    def turn_on(self, run: Path | None) -> None:
        """Begin to teach: from nothing, or on from `run`."""
        self.keys.follow_window()
        self.teacher.begin(run)
        self._show()

    def turn_off(self) -> None:
        """Teach no more; the frames stay on the disk."""
        self.teacher.end()
        self._show()

    def _connect(self) -> None:
        self._viewing.changed.connect(self._on_viewing)
        self.teacher.learner.taught.connect(self._answerer.exchange)
        self.teacher.learner.untaught.connect(self._on_untaught)
        self.teacher.refused.connect(self._on_refused)
        self.keys.pressed.connect(self._on_number)
        self.keys.released.connect(self.teacher.release)
        self.panel.data_wanted.connect(self._open_data)
        self.panel.model_wanted.connect(self._train)

    def _show(self) -> None:
        self.panel.setVisible(self.active)
        self.changed.emit()

    def _on_viewing(self) -> None:
        """The source was opened anew: what is taught answers there too. Or it is gone: nothing is in sight."""
        self.teacher.forget_frame()
        if self._viewing.stream is None:
            return
        self._viewing.stream.arrived.connect(self.teacher.see)  # every frame, not only those that are drawn
        if self.teacher.predictor is not None:
            self._answerer.exchange(self.teacher.predictor)

    def _on_number(self, number: int) -> None:
        if number <= len(self.teacher.classes):
            self.teacher.hold(self.teacher.classes[number - 1])

    def _on_untaught(self) -> None:
        """Nothing is known any more that could be told apart: nobody answers until there is."""
        if self._viewing.source is not None:
            self._answerer.use(None, self._viewing.source.still)
            self._viewing.panel.clear()

    def _on_refused(self, event: Failed) -> None:
        self._show()
        self.troubled.emit(event)

    def _open_data(self) -> None:
        if self.teacher.captured is not None:
            self._session.dataset.open(self.teacher.captured.folder)
            self._session.go("dataset")

    def _train(self) -> None:
        try:
            job = self.teacher.job()
        except FinetunerError as error:
            self.troubled.emit(Failed(sentence=error.sentence, next_step=error.next_step))
            return
        self.turn_off()
        self._session.train(job)
