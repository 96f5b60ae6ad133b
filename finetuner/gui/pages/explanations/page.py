"""The Explain page: choose photos, methods and a class, and see what speaks for it, and whether to believe it.

Two more tabs ask otherwise: about a concept, and for a picture in the manner of another.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from finetuner.engine.events import Event, LayersListed
from finetuner.engine.requests import LayersRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui import theme
from finetuner.gui.pages.explanations import words
from finetuner.gui.pages.explanations.bench import Bench
from finetuner.gui.pages.explanations.board import Board
from finetuner.gui.pages.explanations.choices import ClassMenu, LayerMenu
from finetuner.gui.pages.explanations.concept import Concept
from finetuner.gui.pages.explanations.enlarging import enlarge
from finetuner.gui.pages.explanations.gallery import class_names
from finetuner.gui.pages.explanations.keeper import Keeper
from finetuner.gui.pages.explanations.look_bar import LookBar
from finetuner.gui.pages.explanations.method_menu import MethodMenu
from finetuner.gui.pages.explanations.photos import MOST, Photo, Photos, files_in
from finetuner.gui.pages.explanations.plan import Plan, planned
from finetuner.gui.pages.explanations.shelf import Shelf
from finetuner.gui.pages.explanations.status import Status
from finetuner.gui.pages.explanations.style import Style
from finetuner.gui.pages.explanations.vacancies import Vacancies
from finetuner.gui.pages.explanations.wish import Finding, Wish
from finetuner.gui.pages.page import Page, Vacant
from finetuner.gui.session import Session


class ExplanationsPage(Page):
    """Rows are photos, columns methods. The bench makes what the board wants, the newest wish first."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_title(self.tr("Explain"), self.tr("Where it looks, and what it has learned."))
        self.bench, self.photos, self.keeper = Bench(session), Photos(), Keeper(self)
        self.methods, self.classes, self.layers = MethodMenu(), ClassMenu(), LayerMenu()
        self.look, self.status, self.board, self.shelf = LookBar(), Status(self.bench), Board(), Shelf()
        self.meaning = theme.label("", "muted", wrap=True)
        self.tabs, self.concept, self.painting = QTabWidget(), Concept(self), Style(self, self.keeper)
        self._actions = (
            self.add_action(self.tr("Save all…"), self.save_all, symbol="download"),
            self.add_action(self.tr("Open folder…"), self.choose_folder, symbol="folder"),
            self.add_action(self.tr("Open images…"), self.choose_images, "primary", "image"),
        )
        self._plan = Plan((), self.classes)
        self._place = (0, 1)
        self._fill_body()
        self._connect()
        self.show_run(session.run)

    def show_run(self, run: Path | None) -> None:
        """Explain this run from now on."""
        usable = run is not None and has_model(run)
        self._vacancies.show(run, usable)
        self._show_actions()
        self.concept.show_run(run if usable else None)
        if run is None or not usable:
            return self.bench.want(())
        self.classes.offer(class_names(run))
        self.layers.offer("", ())
        self.session.call(LayersRequest(run=run), self._on_layers)
        self.shelf.show_run(run)

    def explain(self, files: Sequence[Path]) -> None:
        """Explain what the network sees in these images, or those in these folders."""
        found = files_in(files)
        if not found:
            self.tell(self.tr("There are no images in this folder."), self.tr("Choose another."), "warning")
            return
        self.notice.clear()
        self.shelf.open_files(found, MOST)
        if len(found) > MOST:
            told = self.tr("The first {} of {:,} images are shown.").format(MOST, len(found))
            self.tell(told, self.tr("The others are in the line below."), "info")

    def choose_images(self) -> None:
        """Ask for images anywhere on this machine."""
        chosen, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose images"), self._start())
        if chosen:
            self.explain([Path(file) for file in chosen])

    def choose_folder(self) -> None:
        """Ask for a folder of images."""
        if chosen := QFileDialog.getExistingDirectory(self, self.tr("Choose a folder of images"), self._start()):
            self.explain([Path(chosen)])

    def save_all(self) -> None:
        """Save every picture on the board."""
        self.keeper.save_all([cell.finding for _, cell in self.board.cells()], self.look.look)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if (
            self.looking.empty is None
            and self.tabs.currentIndex() == 0
            and any(url.isLocalFile() for url in event.mimeData().urls())
        ):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self.explain([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _on_choice(self) -> None:
        """Other photos: they are read before anything is asked of them."""
        chosen = self.shelf.gallery.photos[:MOST]
        known = {photo.path for photo in self.board.photos}
        self.board.show_grid(chosen, self.methods.methods)
        if chosen:
            self.painting.suggest(chosen[0].path)
        self.photos.ask([photo.path for photo in chosen if photo.path not in known])
        self._ask()

    def _ask(self) -> None:
        """Other questions about the same photos."""
        if self.session.run is None or self.looking.empty is not None:
            return
        self.board.show_grid(self.board.photos, self.methods.methods)
        asked = (self.board.photos, self.methods.methods, self.photos, self.classes, self.layers)
        self._plan = planned(self.session.run, *asked)
        self.bench.want(list(self._plan.wishes.values()))
        self._place = (0, 1)
        self._show_all()

    def _show_all(self) -> None:
        for photo, cell in self.board.cells():
            self._show_cell(photo, cell.method)
        self.status.refresh()
        self._say_meaning()

    def _show_cell(self, photo: Photo, method: str) -> None:
        cell, reason = self.board.cell(photo, method), self._plan.reasons.get(photo.path, "")
        wish = self._plan.wishes.get((photo.path, method))
        if wish is None:
            return cell.show_finding(Finding(refusal=reason))
        waiting = self.tr("Cancelled") if self.bench.cancelled else self.tr("Waiting")
        cell.show_finding(self.bench.finding(wish), waiting)
        if wish == self.bench.at_hand:
            cell.show_progress(self.bench.progress)

    def _on_changed(self, wish: Wish) -> None:
        for photo, cell in self.board.cells():
            if self._plan.wishes.get((photo.path, cell.method)) == wish:
                self._show_cell(photo, cell.method)
        self.status.refresh()
        self._say_meaning()

    def _on_photo(self, path: str, image: QImage) -> None:
        self.board.show_photo(Path(path), image, self.tr("This file cannot be read as an image."))
        self._ask()

    def _on_layers(self, event: Event) -> None:
        match event:
            case LayersListed() if self.session.run is not None and event.run == str(self.session.run):
                self.layers.offer(event.usual, event.layers)
                self.concept.offer_layers(event.layers)

    def _on_tab(self) -> None:
        """What is asked above belongs to the photos; what was told, to what was looked at."""
        self._show_actions()
        self.notice.clear()

    def _show_actions(self) -> None:
        for button in self._actions:
            button.setVisible(self.looking.empty is None and self.tabs.currentWidget() is self.looking)

    def _on_opened(self, row: int, column: int) -> None:
        photo = self.board.photos[row]
        found = [self.board.cell(photo, method).finding.explained for method in self.board.methods]
        first = found[column - 1] if column else None
        enlarge(self, photo, [explained for explained in found if explained is not None], self.look.look, first)

    def _on_kept(self, row: int, column: int) -> None:
        if column:
            cell = self.board.cell(self.board.photos[row], self.board.methods[column - 1])
            self.keeper.save(cell.finding, self.look.look)

    def _on_entered(self, row: int, column: int) -> None:
        self._place = (row, column)
        self._say_meaning()

    def _say_meaning(self) -> None:
        """What the picture means that was looked at last."""
        row, column = self._place
        if column == 0 or row >= len(self.board.photos) or not self.board.methods:
            return self.meaning.clear()
        cell = self.board.cell(self.board.photos[row], self.board.methods[column - 1])
        explained = cell.finding.explained
        known = words.meaning(cell.method, explained.label, explained.layer) if explained else words.about(cell.method)
        self.meaning.setText(known)

    def _start(self) -> str:
        return str(self.board.photos[0].path.parent if self.board.photos else Path.home())

    def _connect(self) -> None:
        self.session.run_changed.connect(self.show_run)
        self.shelf.gallery.chosen.connect(self._on_choice)
        self.photos.arrived.connect(self._on_photo)
        self.bench.changed.connect(self._on_changed)
        self.bench.rested.connect(self._show_all)
        for asked in (self.methods.changed, self.classes.chosen, self.layers.chosen, self.status.resumed):
            asked.connect(self._ask)
        self.look.changed.connect(lambda: self.board.set_look(self.look.look))
        self.board.opened.connect(self._on_opened)
        self.board.kept.connect(self._on_kept)
        self.board.entered.connect(self._on_entered)
        self.tabs.currentChanged.connect(lambda _: self._on_tab())
        self.setAcceptDrops(True)

    def _fill_body(self) -> None:
        photos = QWidget()
        self.looking = Vacant(photos)
        self._vacancies = Vacancies(self.session, self.looking, self.concept)
        column, asked, shown = QVBoxLayout(photos), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(0, theme.GRID, 0, 0)
        column.setSpacing(theme.GRID)
        for row, parts in ((asked, (self.methods, self.classes, self.layers)), (shown, (self.look, self.status))):
            row.setSpacing(theme.GAP)
            for part in parts:
                row.addWidget(part)
            column.addLayout(row)
        asked.addStretch(1)
        self.meaning.setFixedHeight(theme.GRID * 5)
        column.addWidget(self.board, 1)
        column.addWidget(self.meaning)
        column.addWidget(self.shelf)
        self.tabs.addTab(self.looking, self.tr("Photos"))
        self.tabs.addTab(self.concept, self.tr("Concept"))
        self.tabs.addTab(self.painting, self.tr("Style"))
        self.body.addWidget(self.tabs, 1)


def has_model(run: Path) -> bool:
    """Whether the run's weights are where they belong."""
    return (RunFolder(run).best / "model.safetensors").is_file()
