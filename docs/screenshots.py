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

WIDTH, HEIGHT = 1280, 800
SETTLE_MS = 1500


def main() -> int:
    """Take the pictures."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="finetuner-screenshots-") as home:
        os.environ.update(FINETUNER_HOME=home, QT_SCALE_FACTOR=str(options.scale))
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        weights = Path(home) / "weights" / options.weights.name
        weights.parent.mkdir()
        weights.symlink_to(options.weights.absolute())
        _photograph(options.out)
    return 0


def _photograph(out: Path) -> None:
    from PySide6.QtWidgets import QApplication

    from finetuner.gui import theme

    app = QApplication(sys.argv[:1])
    theme.apply(app, "light")
    tour = Tour(out)
    stops = (tour.first_model, tour.second_model, tour.results, tour.shortcuts, tour.explain, tour.export, tour.live)
    for stop in (*stops, tour.shelf):
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

    def shortcuts(self) -> None:
        """Which place decides for each class."""
        tabs = self.window.page.tabs
        tabs.setCurrentWidget(self.window.page.habits.parentWidget())
        self.window.page.habits.look.click()
        self.rest()
        self.take("shortcuts")
        tabs.setCurrentIndex(0)

    def explain(self) -> None:
        """Where the network looks in the first image on the strip."""
        self.session.go("explanations")
        self.rest()
        self.take("explain")

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
        self.window.page.use([path for path, _ in RunFolder(self.session.run).pinned("val")][7:])
        answers: list[object] = []
        self.window.page.answerer.happened.connect(answers.append)
        self.wait(lambda: any(isinstance(answer, Answered) for answer in answers))
        self.take("live")
        self.session.go("results")

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

    def take(self, name: str) -> None:
        """One picture, once thumbnails have arrived."""
        self._pump(SETTLE_MS)
        self.out.mkdir(parents=True, exist_ok=True)
        self.window.grab().save(str(self.out / f"{name}.png"))
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


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="pretrained weights named after their architecture")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "images")
    parser.add_argument("--scale", type=float, default=1.5)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
