import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from finetuner.gui.widgets.image_viewer import ImageViewer
from finetuner.gui.widgets.thumbnail_grid import Picture


@pytest.fixture
def viewer(qtbot) -> ImageViewer:
    made = ImageViewer(lambda key, side: QImage() if key == "bad" else QImage(400, 300, QImage.Format.Format_RGB32))
    qtbot.addWidget(made)
    made.show_pictures([Picture("a", "ants"), Picture("b", "bees"), Picture("bad", "torn")], 0)
    return made


def test_arrows_walk_and_stop_at_the_ends(qtbot, viewer):
    for key, row in ((Qt.Key.Key_Left, 0), (Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Right, 2)):
        qtbot.keyClick(viewer, key)
        assert viewer.row == row


def test_the_picture_fits_then_zooms_then_fits(qtbot, viewer):
    qtbot.waitUntil(lambda: viewer.view.sceneRect().width() == 400)
    fitted = viewer.view.zoom()
    qtbot.keyClick(viewer, Qt.Key.Key_Plus)
    assert viewer.view.zoom() > fitted
    qtbot.keyClick(viewer, Qt.Key.Key_0)
    assert viewer.view.zoom() == pytest.approx(fitted)


def test_space_closes(qtbot, viewer):
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    assert not viewer.isVisible()


def test_a_file_that_is_gone_is_told(qtbot, viewer):
    viewer.go_to(2)
    qtbot.waitUntil(lambda: "can no longer be read" in viewer.caption.text())
