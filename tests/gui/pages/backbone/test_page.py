from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from finetuner.engine.events import BackboneRow, CatalogueListed, Downloaded, Failed, WeightsInspected
from finetuner.gui.pages.backbone import BackbonePage
from finetuner.gui.pages.backbone.columns import in_reading_order, write_count
from finetuner.gui.session import Session


def row(name: str, where: str = "download 14 MB", parameters: int = 3_500_000) -> BackboneRow:
    return BackboneRow(
        name=name, source="timm", family="efficientnet", parameters=parameters, input_size=224, size_mb=14.0,
        available=where == "on disk", where=where, licence="apache-2.0",
    )  # fmt: skip


ROWS = (
    row("zebra_net", "random weights only"),
    row("mobilenetv2_100.ra_in1k"),
    row("vit_huge", "on disk", 600_000_000),
)


@pytest.fixture
def page(qtbot, launcher, session: Session, idle) -> BackbonePage:
    launcher.answers["catalogue"] = (CatalogueListed(rows=ROWS),)
    made = BackbonePage(session)
    qtbot.addWidget(made)
    made.show()
    idle()
    return made


def names(page: BackbonePage) -> list[str]:
    return [page.shelf.filter.index(number, 0).data() for number in range(page.shelf.filter.rowCount())]


def choose(page: BackbonePage, name: str) -> None:
    assert page.shelf.choose(lambda row: row.name == name)


def test_the_shelf_begins_with_what_is_at_hand_and_good_first_choices(page):
    assert names(page) == ["vit_huge", "mobilenetv2_100.ra_in1k", "zebra_net"]


def test_only_what_is_on_disk(page):
    page.on_disk.setChecked(True)
    assert names(page) == ["vit_huge"]


def test_one_on_disk_is_used_at_once(page, session):
    choose(page, "vit_huge")
    assert page.detail.button.text() == "Use this backbone"
    page.detail.button.click()
    assert session.job.backbone.backbone == "vit_huge"
    assert page.detail.button.text() == "In use"


def test_a_published_one_is_downloaded_only_when_asked(page, session, launcher, idle):
    launcher.answers["download"] = (Downloaded(backbone="mobilenetv2_100.ra_in1k", path="/w/m.safetensors"),)
    choose(page, "mobilenetv2_100.ra_in1k")
    assert page.detail.button.text() == "Download 14 MB and use"
    page.shelf.activated.emit(ROWS[1])
    assert [request.task for request in launcher.requests] == ["catalogue"]
    page.detail.button.click()
    idle()
    assert session.job.backbone.backbone == "mobilenetv2_100.ra_in1k"


def test_one_without_weights_starts_from_random_ones(page, session):
    choose(page, "zebra_net")
    page.detail.button.click()
    assert not session.job.backbone.pretrained
    assert "random weights" in page._subtitle_label.text()


def test_a_weight_file_says_what_it_fits_and_is_used(page, session, launcher, idle):
    sentence = "These are mobilenetv2_100 weights: 312 of 314 tensors fit."
    launcher.answers["inspect-weights"] = (
        WeightsInspected(path="/w/m.pth", backbone="mobilenetv2_100", loaded=312, total=314, sentence=sentence),
    )
    page.inspect(Path("/w/m.pth"))
    idle()
    assert page.notice.text.startswith(sentence)
    assert (session.job.backbone.backbone, session.job.backbone.weights) == ("mobilenetv2_100", Path("/w/m.pth"))
    assert page.detail.row == ROWS[1]


def test_a_wrong_file_leaves_the_draft_alone(page, session, launcher, idle):
    launcher.answers["inspect-weights"] = (Failed(sentence="These are ResNet-18 weights: 3 of 262 tensors fit."),)
    before = session.job
    page.inspect(Path("/w/wrong.pth"))
    idle()
    assert session.job == before
    assert "3 of 262" in page.notice.text


def test_the_default_says_why(page):
    assert "starter was chosen: it comes with the program" in page._subtitle_label.text()
    assert not page.automatic.isVisible()


def test_back_to_the_default(page, session):
    page.use("vit_huge")
    assert page.automatic.isVisible()
    page.automatic.click()
    assert session.job.backbone.backbone == "auto"


def test_weights_sort_by_how_soon_they_are_there(page):
    page.shelf.table.sortByColumn(5, Qt.SortOrder.AscendingOrder)
    assert names(page) == ["vit_huge", "mobilenetv2_100.ra_in1k", "zebra_net"]


def test_counts_read_at_a_glance():
    assert [write_count(count) for count in (640_000, 3_504_872, 1_235_000_000)] == ["640 k", "3.5 M", "1,235.0 M"]


def test_reading_order_keeps_the_catalogues_order_among_equals():
    rows = [row("b"), row("a"), row("resnet18.a1_in1k")]
    assert [it.name for it in in_reading_order(rows)] == ["resnet18.a1_in1k", "b", "a"]
