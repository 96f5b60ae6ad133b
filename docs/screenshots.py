"""Drive the real window through the whole job and photograph every page: `python docs/screenshots.py --weights FILE`.

Draws the sample data set, lets the first model train itself, trains a second one by gradual unfreezing, explains,
exports and looks live, all in a home of its own. Under Xvfb or on a desktop it uses the real screen's platform
(`QT_QPA_PLATFORM=xcb`), else Qt's offscreen one.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QWidget

    from finetuner.gui.pages.results.page import ResultsPage

WIDTH, HEIGHT = 1280, 800
SETTLE_MS = 1500
MOVED, MOVED_FROM, MOVED_TO = "moved-", "butterfly", "leaf"
RACE_SECONDS = 100


def main() -> int:
    """Take the pictures."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="finetuner-screenshots-") as home:
        os.environ.update(FINETUNER_HOME=home, QT_SCALE_FACTOR=str(options.scale))
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        weights = Path(home) / "weights" / options.weights.name
        weights.parent.mkdir()
        weights.symlink_to(options.weights.absolute())
        _photograph(options.out, options.only)
    return 0


def _photograph(out: Path, only: "list[str]") -> None:
    from PySide6.QtWidgets import QApplication

    from finetuner.gui import theme

    app = QApplication(sys.argv[:1])
    theme.apply(app, "light")
    tour = Tour(out)
    models = (tour.first_model, tour.second_model)
    figures = (tour.results, tour.curves, tour.calibration, tour.robustness, tour.shortcuts)
    inside = (tour.explain, tour.concept, tour.style)
    later = (tour.export, tour.live, tour.compare, tour.race, tour.wrong_labels, tour.shelf)
    for stop in (*models, *figures, *inside, *later):
        if not only or stop.__name__ in only:
            stop()
    tour.end()


class Tour:
    """The window and a camera before it."""

    def __init__(self, out: Path) -> None:
        from finetuner.engine.launchers import LAUNCHERS
        from finetuner.gui.main_window import MainWindow
        from finetuner.gui.session import Session

        self.out = out
        self.session = Session(lambda name: LAUNCHERS[name]())
        self.window = MainWindow(self.session)
        self.window.resize(WIDTH, HEIGHT)
        self.window.show()

    def first_model(self) -> None:
        """From nothing to a first model: one action."""
        self.take("first-start")
        self.session.change_job(image_size=96)  # small enough to leave a few mistakes to look at
        self.session.dataset.open_sample()
        self.wait(lambda: self.session.dataset.result is not None)
        self.take("dataset")
        self.wait(lambda: self.session.run is not None and not self.session.training.running)

    def second_model(self) -> None:
        """A better one, by a strategy that has something to show."""
        self.session.go("backbone")
        self.rest()
        self.take("backbone")
        self.session.change_job(backbone="auto", strategy="gradual", epochs=8, augmentation="trivialaugment")
        self.session.go("strategy")
        self.rest()
        self.take("strategy")
        self.session.train()
        self.wait(lambda: self._progressed(0.7))
        self.take("train")
        self.window.page.tabs.setCurrentIndex(1)
        self.wait(lambda: not self.session.training.running)
        self.window.page.watching.slider.setValue(4)
        self.take("watch")

    def results(self) -> None:
        """The window on the cover, too."""
        self.session.go("results")
        self.rest()
        self.take("results")
        self.take("window")
        page = self.window.page
        self._turn_to(page.thresholds)
        page.thresholds.costs.propose.click()
        page.thresholds.unsure.click()
        self.take("thresholds")
        self._turn_to(page.map)
        page.map.draw.click()
        self.rest()
        page.map.scatter.choose(page.map.scatter.within(_half_of(page.map.scatter)))
        self.take("map")

    def wrong_labels(self) -> None:
        """Four pictures of the sample in the wrong folder: found, put right, and the head fitted again."""
        from PySide6.QtCore import QItemSelectionModel

        data = self._spoilt_sample()
        self.session.change_job(image_size=96, backbone="auto", strategy="probe")
        self.session.dataset.open(data)
        self.wait(lambda: self.session.dataset.result is not None)
        self.wait(lambda: self.session.run is not None and not self.session.training.running)
        self.session.go("results")
        self.rest()
        page = self.window.page
        page.answers.doubts.click()
        self.rest()
        grid = page.answers.grid
        for row, picture in enumerate(grid.pictures.pictures):
            if Path(picture.path).name.startswith(MOVED):
                grid.selectionModel().select(grid.model().index(row, 0), QItemSelectionModel.SelectionFlag.Select)
        self.take("wrong-labels")
        page.labels.relabel(page.answers.selected(), MOVED_FROM)
        page.repair.refit()
        self.rest()
        self.take("put-right")

    def _spoilt_sample(self) -> Path:
        from finetuner.engine.dataset.sample import drawing

        folder = Path(os.environ["FINETUNER_HOME"]) / "collection"
        for _ in drawing(folder):
            continue
        for picture in sorted((folder / MOVED_FROM).iterdir())[:4]:
            picture.rename(folder / MOVED_TO / f"{MOVED}{picture.name}")
        return folder

    def _turn_to(self, part: "QWidget") -> None:
        """Open the tab that a part of the Results page lies in."""
        self.window.page.tabs.setCurrentWidget(part.parentWidget())

    def curves(self) -> None:
        """How well each class is told from the rest."""
        self._turn_to(self._results().curves)
        self.take("curves")

    def calibration(self) -> None:
        """Whether 80 % means 80 %."""
        self._turn_to(self._results().calibration)
        self.take("calibration")

    def robustness(self) -> None:
        """What a blurred, dark or turned photo does to it."""
        part = self._results().robustness
        self._turn_to(part)
        part.measure.click()
        self.rest()
        self.take("robustness")

    def shortcuts(self) -> None:
        """Which place decides for each class."""
        part = self._results().habits
        self._turn_to(part)
        part.look.click()
        self.rest()
        self.take("shortcuts")
        self.window.page.tabs.setCurrentIndex(0)

    def _results(self) -> "ResultsPage":
        self.session.go("results")
        self.rest()
        return self.window.page

    def explain(self) -> None:
        """Where the network looks in the first image on the strip; then two images by three methods."""
        from PySide6.QtCore import QItemSelectionModel

        self.session.go("explanations")
        self.rest()
        self.take("explain")
        page = self.window.page
        page.methods.tick(("grad-cam", "guided-backprop", "occlusion"))
        gallery = page.shelf.gallery
        gallery.selectionModel().select(gallery.pictures.index(1), QItemSelectionModel.SelectionFlag.Select)
        self.rest()
        self.take("explain-many")
        page.methods.open_panel()
        self.take("explain-methods", page.methods.panel)
        page.methods.panel.close()

    def concept(self) -> None:
        """Do dots matter? Images with them against the same without."""
        self.session.go("explanations")
        page = self.window.page
        page.tabs.setCurrentWidget(page.concept)
        page.concept.shown.put(_drawn("dots", 30, dots=25))
        page.concept.others.put(_drawn("plain", 60, dots=0))
        page.concept.errand.go.click()
        self.rest()
        self.take("concept")

    def style(self) -> None:
        """A photo in the manner of another; without a VGG's weights on this disk, what the page says then."""
        self.session.go("explanations")
        page = self.window.page
        page.tabs.setCurrentWidget(page.painting)
        page.painting.manner.put(_drawn("dots", 30, dots=25) / "0.png")
        if page.painting.network:
            page.painting.errand.go.click()
        self.rest()
        self.take("style")
        page.tabs.setCurrentIndex(0)

    def export(self) -> None:
        """A verified file."""
        self.session.go("export")
        self.window.page.export()
        self.rest()
        self.take("export")

    def live(self) -> None:
        """There is no camera here: the validation images stand before it."""
        from finetuner.engine.run_store.run_folder import RunFolder
        from finetuner.gui.bridge.live import Answered

        self.session.go("live")
        assert self.session.run is not None
        page = self.window.page
        page.use([path for path, _ in RunFolder(self.session.run).pinned("val")][7:])
        answers: list[object] = []
        page.answerer.happened.connect(answers.append)
        self.wait(lambda: any(isinstance(answer, Answered) for answer in answers))
        self.take("live")
        page.more.toggle_heat()
        for _ in range(5):
            answers.clear()
            page.steps.go(5)
            self.wait(lambda: any(isinstance(answer, Answered) for answer in answers))
        heat = page.wall.heat
        self.wait(lambda: bool(heat.line.answer.text()) and not heat.busy)
        self.take("live-heat")
        page.more.toggle_heat()
        self.session.go("results")

    def compare(self) -> None:
        """The two models side by side: what can be said, and on which images they differ."""
        self.session.go("runs")
        self.rest()
        self.window.page.select(lambda run: run.status == "done")
        self.rest()
        self.take("compare")
        self.window.page.comparison.tabs.setCurrentIndex(2)
        self.take("compare-answers")
        self.window.page.comparison.tabs.setCurrentIndex(0)

    def race(self) -> None:
        """All strategies, for a few seconds each."""
        self.session.go("strategy")
        self.rest()
        self.window.page.race.budget.setValue(RACE_SECONDS)
        self.window.page.race.start.click()
        self.wait(lambda: not self.session.training.running)
        bar = self.window.page.right.verticalScrollBar()
        self.rest()
        bar.setValue(bar.maximum())
        self.take("race")

    def shelf(self) -> None:
        """All runs, compared; and the preferences, in the dark."""
        from PySide6.QtWidgets import QApplication

        from finetuner.gui import theme

        self.session.go("runs")
        self.rest()
        self.window.page.select(lambda run: run.status == "done")
        self.take("runs")
        theme.apply(QApplication.instance(), "dark")
        self.session.go("preferences")
        self.window.page.test_devices()
        self.rest()
        self.take("preferences")

    def end(self) -> None:
        """Close the window, end the engine."""
        self.window.close()
        self.session.close()

    def take(self, name: str, part: "QWidget | None" = None) -> None:
        """One picture of the window, or of a part of it, once thumbnails have arrived."""
        self._pump(SETTLE_MS)
        self.out.mkdir(parents=True, exist_ok=True)
        (part or self.window).grab().save(str(self.out / f"{name}.png"))
        print(name, flush=True)

    def rest(self) -> None:
        """Until no call is under way."""
        self._pump(SETTLE_MS)
        self.wait(lambda: not self.session.calls.busy)

    def wait(self, done: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        while not done():
            self._pump(50)

    def _progressed(self, share: float) -> bool:
        from finetuner.engine.events import BatchEnded

        last = next((e for e in reversed(self.session.training.events) if isinstance(e, BatchEnded)), None)
        return last is not None and last.step > share * last.steps

    def _pump(self, milliseconds: int) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def _drawn(name: str, count: int, dots: int) -> Path:
    """A folder of so many images: a colour with soft clouds, and light dots on it."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFilter

    folder, dice = Path(os.environ["FINETUNER_HOME"]) / name, np.random.default_rng(count)
    folder.mkdir(exist_ok=True)
    for number in range(count):
        clouds = dice.integers(60, 200, 3) + dice.normal(0, 30, (8, 8, 1)) + np.zeros((8, 8, 3))
        image = Image.fromarray(clouds.clip(0, 255).astype(np.uint8)).resize((160, 160), Image.Resampling.BICUBIC)
        pen = ImageDraw.Draw(image)
        for x, y in dice.integers(0, 160, (dots, 2)):
            pen.ellipse((x - 7, y - 7, x + 7, y + 7), fill=(240, 240, 235))
        image.filter(ImageFilter.GaussianBlur(0.7)).save(folder / f"{number}.png")
    return folder


def _half_of(part: "QWidget") -> "list[QPointF]":
    """The outline of a corner of it, as if drawn by hand."""
    from PySide6.QtCore import QPointF

    width, height = part.width() * 0.45, part.height() * 0.5
    return [QPointF(0, 0), QPointF(width, 0), QPointF(width, height), QPointF(0, height)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="pretrained weights named after their architecture")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "images")
    parser.add_argument("--scale", type=float, default=1.5)
    parser.add_argument("--only", nargs="+", default=[], help="these stops of the tour, by the names of their methods")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
