import threading

from PySide6.QtCore import QThreadPool
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from finetuner.gui.widgets.image_loader import ImageLoader


def test_what_nobody_waits_for_is_dropped_without_waiting(qtbot: QtBot) -> None:
    begun, go_on, loaded = threading.Event(), threading.Event(), list[str]()

    def load(key: str, side: int) -> QImage:
        loaded.append(key)
        begun.set()
        go_on.wait()
        return QImage()

    loader = ImageLoader(load)
    for number in range(20):
        loader.request(str(number), 0)
    begun.wait()
    loader.drop()  # while the first still hang
    go_on.set()
    QThreadPool.globalInstance().waitForDone()
    assert len(loaded) <= 2
