"""The promise as a whole, in the window, with the real engine: drop a folder, get a model, take it out as one file."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from finetuner.engine.launchers import LAUNCHERS
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui import theme
from finetuner.gui.main_window import MainWindow
from finetuner.gui.session import Session
from finetuner.gui.settings import Settings


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two classes that differ in colour, of twelve small photos each."""
    noise = np.random.default_rng(0)
    for name, base in (("dusk", 40), ("noon", 170)):
        (tmp_path / "sky" / name).mkdir(parents=True)
        for number in range(12):
            pixels = noise.integers(base, base + 60, (40, 48, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "sky" / name / f"{number}.png")
    return tmp_path / "sky"


def dropped(folder: Path) -> QDropEvent:
    """The event of a folder let go over a page."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    drop = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    drop.source_data = data  # the event does not keep its data alive
    return drop


@pytest.mark.filterwarnings(
    "default"
)  # which filters hold is one state for all threads: here the engine is one of them
@pytest.mark.parametrize("where", sorted(LAUNCHERS))
def test_a_dropped_folder_becomes_a_verified_file(
    where: str, qapp: object, qtbot: QtBot, photos: Path, tmp_path: Path
) -> None:
    theme.apply(qapp, "light")
    session = Session(lambda name: LAUNCHERS[name](), Settings(launcher=where), tmp_path / "settings.json")
    session.change_job(epochs=2, image_size=32)
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()

    window.page.first_model.seconds = 0
    window.page.dropEvent(dropped(photos))
    qtbot.waitUntil(lambda: session.run is not None and not session.training.running)
    assert RunFolder(session.run).classes == ("dusk", "noon")

    window.show_page("export")
    window.page.form.place.setText(str(tmp_path / "sky.onnx"))
    window.page.export()
    qtbot.waitUntil(lambda: not session.calls.busy)
    assert window.page.written is not None, window.page.notice.text

    for page in ("results", "explanations"):
        window.show_page(page)
        qtbot.waitUntil(lambda: not session.calls.busy)
    window.close()
    session.close()
    assert answers(tmp_path / "sky.onnx", photos / "noon" / "0.png") in ("dusk", "noon")


def answers(exported: Path, photo: Path) -> str:
    """What plain onnxruntime says, given nothing but the photo's raw pixels."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(exported))
    names = json.loads(session.get_modelmeta().custom_metadata_map["names"])
    pixels = np.asarray(Image.open(photo).convert("RGB"))[None]
    (probabilities,) = session.run(["probabilities"], {"image": pixels})
    return str(names[int(probabilities[0].argmax())])
