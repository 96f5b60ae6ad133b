"""The Live page: frames come, the newest is answered, and nothing lags."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QHideEvent, QKeySequence, QShortcut

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Failed
from finetuner.engine.prediction.onnx_predictor import OnnxPredictor
from finetuner.engine.prediction.predictor import Predictor
from finetuner.engine.teaching.extractor import Extractor
from finetuner.engine.teaching.head import Features
from finetuner.gui import theme
from finetuner.gui.pages.live.actor import Actor
from finetuner.gui.pages.live.answerer import Answerer
from finetuner.gui.pages.live.asking import Asking
from finetuner.gui.pages.live.captures import Captures
from finetuner.gui.pages.live.exports import Exports
from finetuner.gui.pages.live.intake import Intake
from finetuner.gui.pages.live.layout import lay_out
from finetuner.gui.pages.live.more import More
from finetuner.gui.pages.live.panel import Panel
from finetuner.gui.pages.live.rival import Rival
from finetuner.gui.pages.live.setup import Setup
from finetuner.gui.pages.live.sources import Source, Sources
from finetuner.gui.pages.live.stage import Stage
from finetuner.gui.pages.live.steps import Steps
from finetuner.gui.pages.live.teaching import Desk
from finetuner.gui.pages.live.transport import Transport
from finetuner.gui.pages.live.viewing import Viewing
from finetuner.gui.pages.live.wall import Wall
from finetuner.gui.pages.page import Page
from finetuner.gui.session import Session

_HERE = Qt.ShortcutContext.WidgetWithChildrenShortcut


class LivePage(Page):
    """Runs while it is in sight: entering starts, leaving releases the camera and ends the threads."""

    def __init__(
        self,
        session: Session,
        sources: Sources | None = None,
        open_model: Callable[[Path], Predictor] = OnnxPredictor,
        open_network: Callable[[Path], Features] = Extractor,
    ) -> None:
        super().__init__(session)
        self.set_title(self.tr("Live"), self.tr("What the model makes of a camera, a video or images."))
        self.sources = sources or Sources(self)
        self._exports, self._open_model = Exports(session, self), open_model
        self.answerer = self.new_answerer()
        self.intake, self.asking = Intake(self.sources, self), Asking(self.sources, self)
        self.stage, self.panel, self.setup = Stage(), Panel(), Setup(self.asking)
        self.steps, self.transport = Steps(self), Transport(self)
        self.wall = Wall(self.stage)
        self.viewing = Viewing(self.answerer, self.stage, self.panel, self)
        self.captures = Captures(self.viewing)
        self.actor = Actor(session, self.viewing)
        self.rival = Rival(self.viewing, self.new_answerer())
        self.more = More(self)
        self._more = self.add_action(self.tr("More"), lambda: None, "quiet")
        self._more.setMenu(self.more)
        self._teach = self.add_action(self.tr("Teach"), self.teach, "", "improve")
        self._toggle = self.add_action(self.tr("Start"), self.toggle, "primary", "play")
        self.desk = Desk(session, self.viewing, self.answerer, self, open_network)
        lay_out(self)
        self._connect()
        self.show_run(session.run)

    @property
    def source(self) -> Source | None:
        """What is looked at."""
        return cast(Source | None, self.setup.source.current)

    @property
    def model(self) -> Path | None:
        """What answers: a run, or an .onnx file."""
        return cast(Path | None, self.setup.model.current)

    @property
    def running(self) -> bool:
        """Whether frames are asked for."""
        return self.viewing.running

    def new_answerer(self) -> Answerer:
        """One more model in a thread of its own."""
        return Answerer(self.session, self._exports, self._open_model, self)

    def show_run(self, run: Path | None) -> None:
        """Answer with this run from now on."""
        self.setup.forget_runs()
        if run is not None:
            self.setup.add_model(self.tr("The run {}").format(run.name), run)
        self._show_state()
        if self.running:
            self.start()

    def entered(self) -> None:
        """Look for cameras, and begin."""
        if self._has_use:
            self.retry()

    def teach(self) -> None:
        """Begin to teach what the camera sees, from nothing or on from the run; or end it."""
        if self.desk.active:
            self.desk.turn_off()
        else:
            self.desk.turn_on(self.session.run)
        self.retry()

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self.stop()
        super().hideEvent(event)

    def retry(self) -> None:
        """Look for cameras again, and begin."""
        try:
            self.setup.offer_cameras(self.sources.cameras(self._on_cameras_changed))
        except FinetunerError as error:
            self.setup.offer_cameras(())
            if self.source is None:
                self._on_trouble(error)
                return
        self.start()

    def start(self) -> None:
        """Open the source and the model."""
        self.stop()
        self.notice.clear()
        source, model = self.source, self.model
        if source is None:
            self._on_trouble(
                FinetunerError(
                    self.tr("No camera was found."), self.tr("Plug one in, or choose a video file or images.")
                )
            )
        elif self._has_use:
            self.setup.mirror.setChecked(source.mirrored)
            self.wall.caption.setText(source.words)
            self.viewing.start(source, model)
            self.wall.start()

    def stop(self) -> None:
        """Release the source, end the model's thread."""
        self.viewing.stop()
        self.wall.stop()

    def toggle(self) -> None:
        """Stop, or start."""
        if self.running:
            self.stop()
        else:
            self.retry()

    def use(self, paths: Sequence[Path]) -> None:
        """Use what was dropped or chosen: an .onnx as the model; a video, images or a folder as the source."""
        self.intake.use(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self.use([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    @property
    def _has_use(self) -> bool:
        """Whether frames are of any use: somebody answers them, or learns from them."""
        return self.model is not None or self.desk.active

    def _look_at(self, source: Source) -> None:
        self.setup.add_source(source)
        self.start()

    def _answer_with(self, model: Path) -> None:
        self.setup.add_model(model.name, model)
        self.start()

    def _on_refused(self, error: FinetunerError) -> None:
        self.tell(error.sentence, error.next_step)

    def _on_saved(self, file: Path) -> None:
        show = self.tr("Show"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))
        self.tell(self.tr("Saved as {}.").format(file), level="good", actions=(show,))

    def _on_changed(self) -> None:
        for control in (self.steps, self.transport):
            control.follow(self.viewing.stream)
        self._show_state()

    def _on_untaught(self, event: Failed) -> None:
        self.tell(event.sentence, event.next_step)

    def _on_failed(self, event: Failed) -> None:
        self.tell(event.sentence, event.next_step, actions=((self.tr("Try again"), self.start),))

    def _on_trouble(self, error: FinetunerError) -> None:
        self.stage.show_trouble(
            error.sentence,
            error.next_step,
            (
                (self.tr("Try again"), self.retry),
                (self.tr("Video file…"), self.setup.ask_for_video),
                (self.tr("Images…"), self.setup.ask_for_images),
            ),
        )

    def _on_cameras_changed(self) -> None:
        """A camera came or went. Ours going is told by its stream; one coming ends the wait for it."""
        if self.isVisible() and not self.running and self._has_use:
            self.retry()
        else:
            self.setup.offer_cameras(self.sources.cameras(self._on_cameras_changed))

    def _on_mirrored(self, mirrored: bool) -> None:
        self.stage.mirrored = mirrored

    def _show_state(self) -> None:
        if not self._has_use:
            self.show_empty(
                "live",
                self.tr("No model to try yet"),
                self.tr(
                    "Train a model first, or drop an exported .onnx file here. Or teach one on the spot: hold"
                    " something in front of the camera, and say what it is."
                ),
                self.tr("Choose photos"),
                lambda: self.session.go("dataset"),
                (self.tr("Teach from the camera"), self.teach),
            )
        else:
            self.show_body()
        self._more.setVisible(self.model is not None)
        self._toggle.setVisible(self._has_use)
        self.setup.model.setPlaceholderText(self.tr("Taught here") if self.desk.active else "")
        self._teach.setVisible(self._has_use)
        self._teach.setText(self.tr("End teaching") if self.desk.active else self.tr("Teach"))
        self._toggle.setText(self.tr("Stop") if self.running else self.tr("Start"))
        self._toggle.setIcon(theme.icon("stop" if self.running else "play", "on_accent", "on_accent"))

    def _connect(self) -> None:
        self.viewing.changed.connect(self._on_changed)
        self.desk.changed.connect(self._show_state)
        self.desk.troubled.connect(self._on_untaught)
        self.viewing.troubled.connect(self._on_trouble)
        self.viewing.failed.connect(self._on_failed)
        self.captures.saved.connect(self._on_saved)
        self.captures.failed.connect(self._on_refused)
        self.viewing.drawn.connect(lambda frame: self.steps.caption.setText(frame.name))
        self.intake.source.connect(self._look_at)
        self.intake.model.connect(self._answer_with)
        self.asking.named.connect(self.intake.use_named)
        for asked in (self.intake.refused, self.asking.failed):
            asked.connect(self._on_refused)
        self.setup.changed.connect(self.start)
        self.setup.files.connect(self.use)
        self.setup.mirrored.connect(self._on_mirrored)
        self.session.run_changed.connect(self.show_run)
        self.setAcceptDrops(True)
        paste = QShortcut(QKeySequence.StandardKey.Paste, self, context=_HERE)
        paste.activated.connect(self.intake.paste)
