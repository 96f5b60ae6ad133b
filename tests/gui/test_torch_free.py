"""The window's process never imports torch: that is why it paints at once and survives what kills the engine."""

import subprocess
import sys

VISIT = """
import sys
from PySide6.QtWidgets import QApplication
from finetuner.gui import theme
from finetuner.gui.main_window import MainWindow
from finetuner.gui.pages import PAGES
from finetuner.gui.session import Session

app = QApplication([])
theme.apply(app)
session = Session(lambda name: None)
window = MainWindow(session)
window.painted.connect(app.quit)
window.show()
app.exec()
print("first", sorted(HEAVY & set(sys.modules)))
for key in PAGES:
    window.show_page(key)
    app.processEvents()
session.close()
window.close()
print("all", sorted(HEAVY & set(sys.modules)))
"""


def heavy_after_visiting(heavy: set[str]) -> list[str]:
    code = f"HEAVY = {heavy!r}\n{VISIT}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_no_page_imports_what_the_engine_owns():
    heavy = {"torch", "torchvision", "timm", "sklearn", "onnx", "onnxruntime"}
    assert heavy_after_visiting(heavy) == ["first []", "all []"]


def test_multimedia_waits_until_it_is_wanted():
    assert heavy_after_visiting({"PySide6.QtMultimedia"})[0] == "first []"


def test_the_first_paint_waits_for_nothing_it_does_not_show():
    late = {"pydantic", "finetuner.engine.job", "finetuner.engine.launchers", "finetuner.engine.run_store.runs"}
    late |= {"numpy", "finetuner.gui.pages.dataset.contents", "finetuner.gui.bridge.worker"}
    first, later = heavy_after_visiting(late)
    assert first == "first []"
    assert "pydantic" in later
