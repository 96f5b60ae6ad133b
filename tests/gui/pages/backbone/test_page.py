from pathlib import Path

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import CatalogueListed, Downloaded, Failed, SpeedMeasured, WeightsInspected
from finetuner.gui.pages.backbone import BackbonePage
from finetuner.gui.pages.backbone import page as backbone_page
from tests.gui.pages.backbone.rows import row

ROWS = (
    row("zebra_net", "random weights only"),
    row("mobilenetv2_100.ra_in1k"),
    row("vit_huge", "on disk", parameters=600_000_000, licence="cc-by-nc-4.0", permission="non-commercial"),
)


def names(page: BackbonePage) -> list[str]:
    return [page.shelf.filter.index(number, 0).data() for number in range(page.shelf.filter.rowCount())]


def choose(page: BackbonePage, name: str) -> None:
    assert page.shelf.choose(lambda row: row.name == name)


def test_the_shelf_begins_with_what_is_at_hand_and_good_first_choices(page):
    assert names(page) == ["vit_huge", "mobilenetv2_100.ra_in1k", "zebra_net"]


def test_a_shelf_that_cannot_be_read_says_so(page, monkeypatch, idle):
    def broken(request):
        raise FinetunerError("The table of backbones is damaged.", "Install the program again.")
        yield

    monkeypatch.setattr(backbone_page, "catalogue", broken)
    page._list()
    idle()
    assert page.notice.text == "The table of backbones is damaged. Install the program again."


def test_only_what_is_on_disk(page):
    page.shelf.on_disk.setChecked(True)
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
    assert launcher.requests == []
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


def test_a_measured_time_arrives_in_the_table_and_beside_it(page):
    choose(page, "mobilenetv2_100.ra_in1k")
    page.meter.measured.emit(
        SpeedMeasured(
            backbone="mobilenetv2_100.ra_in1k", architecture="mobilenetv2_100", image_size=224, milliseconds=8.25,
            measured_on="cpu, 2 threads",
        )
    )  # fmt: skip
    timed = [row.milliseconds for row in page.shelf.model.rows]
    assert timed == [None, 8.25, None]
    assert "8.2 ms an image here (cpu, 2 threads)" in page.detail.facts.text()


def test_a_card_leads_to_its_row(qtbot, session, monkeypatch, idle):
    rows = (row("resnet50.a1_in1k"), row("convnext_nano", recommended="balanced", top1=82.3))
    monkeypatch.setattr(backbone_page, "catalogue", lambda request: iter((CatalogueListed(rows=rows),)))
    page = BackbonePage(session)
    qtbot.addWidget(page)
    page.show()
    idle()
    page.recommendations.cards["balanced"].click()
    assert page.detail.row == rows[1]
    assert page.recommendations.cards["balanced"].isChecked()
    choose(page, "resnet50.a1_in1k")
    assert not page.recommendations.cards["balanced"].isChecked()


def test_what_is_at_hand_is_timed_first_and_then_what_is_selected(page):
    assert page.meter.wanted == []  # the one on disk is too large to be timed by the way
    choose(page, "mobilenetv2_100.ra_in1k")
    assert page.meter.wanted == ["mobilenetv2_100.ra_in1k"]
    page.hide()
    assert not page.meter.quiet.isActive()
    page.show()
    assert page.meter.quiet.isActive()
