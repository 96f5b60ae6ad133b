import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QPushButton

from finetuner.engine.events import Failed, ImagesFound, ImagesScanned, Notice, Progress
from finetuner.engine.requests import TrainRequest
from finetuner.gui.pages.dataset import DatasetPage
from tests.gui import fakes


@pytest.fixture
def page(qapp, qtbot, session):
    made = DatasetPage(session)
    made.first_model.look_up_backbone = lambda: None
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    yield made
    made.first_model.cancel()
    made.contents.grid.pictures.close()


def words(widget):
    return [button.text() for button in widget.findChildren(QPushButton) if button.isVisible() and button.text()]


def texts(widget):
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def dropped(page, folder):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.dropEvent(event)


def test_a_first_start_invites(page):
    assert "Open folder…" in words(page.welcome)
    assert "Try the sample" in words(page.welcome)
    assert not page.contents.isVisible()


def test_recent_data_sets_open_at_a_click(qtbot, session, page, tmp_path):
    session.change_settings(recent=(str(tmp_path / "insects"),))
    session.dataset.close()
    page.welcome.show_recent(session.settings.recent)
    recent = next(b for b in page.welcome.findChildren(QPushButton) if b.accessibleName().endswith("insects"))
    with qtbot.waitSignal(session.dataset.ended):
        recent.click()


def test_a_dropped_folder_is_scanned_and_shown(qtbot, session, page, tmp_path):
    with qtbot.waitSignal(session.dataset.ended):
        dropped(page, tmp_path / "insects")
    assert page.contents.isVisible()
    assert len(page.contents.grid.pictures.pictures) == 6
    assert page.contents.bars.counts == {"ant": (2, 1, 0), "bee": (2, 1, 0)}
    assert [page.contents.tabs.tabText(n) for n in range(2)] == ["Images  6", "Set aside  1"]
    assert page.contents.set_aside.item(0, 1).text() == "This is a text, not an image."
    assert page.contents.set_aside.item(0, 0).text() == "notes.txt"


def test_a_page_made_late_shows_what_is_known(qtbot, scanned):
    page = DatasetPage(scanned)
    qtbot.addWidget(page)
    assert len(page.contents.grid.pictures.pictures) == 6
    assert page.contents.tabs.isTabVisible(1)
    assert not page.first_model.waiting
    page.contents.grid.pictures.close()


def test_a_class_chosen_shows_its_images_alone(qtbot, session, page, tmp_path):
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    page.contents.bars.chosen.emit("bee")
    assert {picture.caption for picture in page.contents.grid.pictures.pictures} == {"bee"}
    assert page.contents.tabs.tabText(0) == "bee  3"
    page.contents.bars.chosen.emit("bee")
    assert len(page.contents.grid.pictures.pictures) == 6


def test_after_a_scan_a_first_model_trains_by_itself(qtbot, session, page, launcher, tmp_path):
    page.first_model.seconds = 1
    with qtbot.waitSignal(session.page_wanted) as wanted:
        session.dataset.open(tmp_path / "insects")
    assert wanted.args == ["training"]
    qtbot.waitUntil(lambda: not session.calls.busy)
    request = launcher.requests[-1]
    assert isinstance(request, TrainRequest)
    assert request.job.data.data == tmp_path / "insects"
    assert (request.job.backbone.backbone, request.job.strategy.strategy) == ("auto", "auto")


def test_the_first_model_says_what_it_will_be_and_can_be_cancelled(qtbot, session, page, launcher, tmp_path):
    page.first_model._on_backbone(Notice(sentence="a probe on tinynet"))
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    assert "a probe on tinynet" in page.notice.text
    page.notice.buttons[1].click()
    assert not page.first_model.waiting
    assert page.notice.text == ""
    assert len(launcher.requests) == 1


def test_one_class_alone_starts_nothing(qtbot, session, page, launcher, tmp_path):
    ended = launcher.answers["scan"][-1].model_copy(update={"classes": {"ant": 6}})
    launcher.answers["scan"] = (ended,)
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    assert not page.first_model.waiting


def test_who_takes_the_notice_away_is_not_carried_off(qtbot, session, page, tmp_path):
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    assert page.first_model.waiting
    page.notice._close.click()
    assert not page.first_model.waiting


def test_who_turns_to_another_page_is_not_carried_off(qtbot, session, page, launcher, tmp_path):
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    page.hide()
    page.first_model._tick()
    assert not page.first_model.waiting
    assert not any(isinstance(request, TrainRequest) for request in launcher.requests)


def test_a_class_may_have_an_and_sign_in_its_name(page):
    page.contents._show_class("cats & dogs")
    assert page.contents.tabs.tabText(0).startswith("cats && dogs")


def test_a_scan_that_fails_leads_back_with_a_sentence(qtbot, session, page, launcher, tmp_path):
    launcher.answers["scan"] = (Failed(sentence="There is no usable image.", next_step="Choose another folder."),)
    with qtbot.waitSignal(session.dataset.failed):
        session.dataset.open(tmp_path)
    assert page.notice.text == "There is no usable image. Choose another folder."
    assert page.welcome.isVisible()


def test_a_scan_can_be_cancelled(qtbot, session, page, launcher, tmp_path):
    launcher.endless = {"scan"}
    launcher.answers["scan"] = ()
    session.dataset.open(tmp_path / "insects")
    assert "Cancel" in words(page)
    next(b for b in page.findChildren(QPushButton) if b.text() == "Cancel").click()
    assert not session.dataset.scanning
    assert "Cancel" not in words(page)


def test_while_files_are_checked_the_page_says_so_and_shows_all(qtbot, session, page, launcher, tmp_path):
    images = fakes.images(tmp_path / "insects")
    launcher.endless = {"scan"}
    launcher.answers["scan"] = (
        ImagesFound(images=images),
        ImagesScanned(images=images[:2]),
        Progress(activity="Checking images", done=2, total=6),
    )
    with qtbot.waitSignal(session.dataset.progressed):
        session.dataset.open(tmp_path / "insects")
    assert len(page.contents.grid.pictures.pictures) == 6
    assert page.contents.bars.counts == {"ant": (3, 0, 0), "bee": (3, 0, 0)}
    assert "6 images in 2 classes. Still checking" in texts(page)
    session.dataset.cancel()


def test_what_only_seemed_an_image_leaves_the_grid_at_the_end(qtbot, session, page, launcher, tmp_path):
    images = fakes.images(tmp_path / "insects")
    launcher.answers["scan"] = (ImagesFound(images=images), *fakes.scan(tmp_path / "insects", images[1:]))
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    assert [picture.key for picture in page.contents.grid.pictures.pictures] == [image.path for image in images[1:]]
    assert page.contents.tabs.tabText(0) == "Images  5"
    assert {label: sum(counts) for label, counts in page.contents.bars.counts.items()} == {"ant": 2, "bee": 3}


def test_a_class_chosen_while_images_stream_in_stays_alone(qtbot, session, page, launcher, tmp_path):
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    page.contents.bars.chosen.emit("bee")
    page.contents.add(fakes.images(tmp_path / "more"))
    assert page.contents.tabs.tabText(0) == "bee  6"


def test_a_picture_opens_large(qtbot, session, page, tmp_path):
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "insects")
    page.contents.grid.opened.emit(4)
    viewer = page.contents.viewer
    assert viewer.isVisible()
    assert viewer.row == 4
    viewer.reject()


def test_the_share_and_the_seed_redraw_the_division(qtbot, session, page, launcher, tmp_path):
    launcher.answers["scan"] = fakes.scan(tmp_path / "many", fakes.images(tmp_path / "many", per_class=10))
    with qtbot.waitSignal(session.dataset.ended):
        session.dataset.open(tmp_path / "many")
    assert page.contents.bars.counts["ant"] == (8, 2, 0)
    page.contents.split.share.setValue(50)
    assert page.contents.bars.counts["ant"] == (5, 5, 0)
    assert session.job.data.val_split == 0.5
    before = [image.split for image in session.dataset.divided()]
    page.contents.split.seed.setValue(3)
    assert [image.split for image in session.dataset.divided()] != before
    assert session.job.compute.seed == 3
