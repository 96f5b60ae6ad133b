"""What one method makes of one photo: the picture, its verdict, or the reason why there is none."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from finetuner.engine.events import Explained, Progress
from finetuner.gui.pages.explanations import words
from finetuner.gui.pages.explanations.frame import Frame
from finetuner.gui.pages.explanations.look import Look, source
from finetuner.gui.pages.explanations.wish import Finding, draws_map
from finetuner.gui.widgets.tool_button import tool_button


class Cell(Frame):
    """`show_finding` tells what is known; `wanted(file)` asks for a file's picture, which `show_file` brings."""

    wanted = Signal(str)

    def __init__(self, method: str) -> None:
        super().__init__(words.title(method))
        self.method = method
        self.finding = Finding()
        self.look = Look()
        self._photo = QImage()
        self._files: dict[str, QImage] = {}
        self.save = tool_button("download", self.tr("Save this picture (Ctrl+S)"), self.kept.emit)
        self.head.addWidget(self.save)
        self._show()

    def show_photo(self, photo: QImage) -> None:
        """The photo on which heat is laid."""
        self._photo = photo
        self._paint()

    def show_finding(self, finding: Finding, waiting: str = "") -> None:
        """What is known; without a picture, what it `waiting`s for."""
        if finding.explained != self.finding.explained:
            self._files.clear()
        self.finding = finding
        self.pane.show_hint(self.tr("No picture") if finding.refusal else waiting)
        self.rest()
        self._show()

    def show_progress(self, progress: Progress | None) -> None:
        """It is being made, or judged."""
        activity = self.tr("Checking") if self.finding.explained else self.tr("Working")
        counted = (progress.done, progress.total) if progress else (0, None)
        self.show_activity(activity, *counted)

    def set_look(self, look: Look) -> None:
        """Look at it otherwise."""
        self.look = look
        self._paint()

    def show_file(self, file: str, image: QImage) -> None:
        """The picture of a file that was wanted."""
        self._files[file] = image
        self._paint()

    def _show(self) -> None:
        explained = self.finding.explained
        self.save.setVisible(explained is not None)
        if explained is None:
            self.say(words.title(self.method), self.finding.refusal)
            self.pane.setAccessibleDescription(self.finding.refusal or self.pane.hint)
        else:
            self.say(words.title(self.method), *self._verdict(explained))
            self.pane.setAccessibleName(self.tr("{} for {}").format(words.title(self.method), explained.label))
        self._paint()

    def _verdict(self, explained: Explained) -> tuple[str, str]:
        trust = self.finding.trust
        if trust is None:
            return f"{words.answer(explained)}\n{self.finding.doubt or explained.sentence}", "small"
        said = f"{words.answer(explained)}\n{trust.sentence} {words.figures(trust)}"
        return said, "caution" if trust.refuted else "small"

    def _paint(self) -> None:
        explained = self.finding.explained
        if explained is None:
            return self.pane.show_image(QImage())
        if self.look.view == "original" and draws_map(self.method):
            return self.pane.show_image(self._photo)
        file = source(explained, self.look)
        if file not in self._files:
            self._files[file] = QImage()
            self.wanted.emit(file)
        picture = self._files[file]
        self.pane.set_opacity(self.look.strength)
        if draws_map(self.method) and self.look.view == "overlay":
            self.pane.show_image(self._photo, picture)
        else:
            self.pane.show_image(picture)
