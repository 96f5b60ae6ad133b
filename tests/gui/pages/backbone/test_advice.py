from pathlib import Path

import pytest

from finetuner.engine.events import AdviceEnded, BackboneAdvice, BackboneAdvised, Failed, Progress
from finetuner.gui.pages.backbone import BackbonePage
from tests.gui.pages.backbone.rows import row

ROWS = (row("quick_net", "on disk"), row("good_net", "on disk"))


def advice(name: str, accuracy: float, milliseconds: float) -> BackboneAdvice:
    return BackboneAdvice(
        name=name, accuracy=accuracy, low=accuracy - 0.03, high=accuracy + 0.03, neighbours=accuracy, logme=-0.1,
        milliseconds=milliseconds, input_size=224,
    )  # fmt: skip


QUICK, GOOD = advice("quick_net", 0.80, 3), advice("good_net", 0.95, 12)
TRIED = (
    Progress(activity="Reading images for quick_net", done=3, total=9),
    BackboneAdvised(advice=QUICK, done=1, total=2),
    BackboneAdvised(advice=GOOD, done=2, total=2),
)
ENDED = AdviceEnded(
    ranking=(GOOD, QUICK), frontier=("quick_net", "good_net"), sentence="good_net named 95% right.", images=200
)


@pytest.fixture
def advised(page, session, launcher, idle) -> BackbonePage:
    session.change_job(data=Path("/photos"))
    launcher.answers["advise"] = (*TRIED, ENDED)
    page.advise.click()
    idle()
    return page


def test_without_images_it_asks_for_a_folder(page, launcher):
    page.advise.click()
    assert page.notice.text == "There are no images to try backbones on yet. Open a folder first."
    assert "advise" not in [request.task for request in launcher.requests]


def test_the_first_choice_is_named_with_its_reason_and_drawn(advised):
    assert advised.advice.isVisible()
    assert advised.advice.heading.text() == "Recommended: good_net"
    assert advised.advice.words.text() == "good_net named 95% right."
    assert [point.name for point in advised.advice.chart.points] == ["quick_net", "good_net"]
    assert advised.advice.chart.frontier == ("quick_net", "good_net")
    assert advised.advice.chart.selected == "good_net"


def test_it_is_used_with_a_click(advised, session):
    assert advised.advice.button.text() == "Use good_net"
    advised.advice.button.click()
    assert session.job.backbone.backbone == "good_net"


def test_a_point_that_is_picked_is_told_and_selected_in_the_table(advised, session):
    advised.advice.chart.chosen.emit("quick_net")
    assert "80.0% of the held-out images right (77.0% to 83.0%), 3.0 ms" in advised.advice.words.text()
    assert advised.detail.row.name == "quick_net"
    advised.advice.button.click()
    assert session.job.backbone.backbone == "quick_net"


def test_it_stands_in_the_place_of_the_general_recommendations_until_it_is_closed(advised):
    assert not advised.recommendations.isVisible()
    advised.advice.away.click()
    assert not advised.advice.isVisible()


def test_it_goes_when_other_images_are_opened(advised, session):
    session.change_job(val_split=0.3)
    assert advised.advice.isVisible()
    session.change_job(data=Path("/others"))
    assert not advised.advice.isVisible()


def test_it_stops_when_other_images_are_opened(page, session, launcher, idle):
    session.change_job(data=Path("/photos"))
    launcher.answers["advise"], launcher.endless = TRIED, {"advise"}
    page.advise.click()
    session.change_job(data=Path("/others"))
    idle()
    assert not page.advice.isVisible()
    assert page.advise.isEnabled()


def test_each_answer_streams_in(page, session, launcher, idle):
    session.change_job(data=Path("/photos"))
    launcher.answers["advise"] = TRIED[:2]  # stopped by the user after the first
    page.advise.click()
    assert page.advice.stop.isVisible()
    assert not page.advise.isEnabled()
    idle()
    assert [point.name for point in page.advice.chart.points] == ["quick_net"]
    assert page.advice.heading.text() == "quick_net"
    assert not page.advice.stop.isVisible()
    assert page.advice.away.isVisible()


def test_stopped_before_the_first_answer_it_leaves_nothing(page, session, launcher, idle):
    session.change_job(data=Path("/photos"))
    launcher.answers["advise"] = (TRIED[0],)
    page.advise.click()
    page.advice.stop.click()
    idle()
    assert not page.advice.isVisible()
    assert page.advise.isEnabled()


def test_trouble_is_told_on_the_page(page, session, launcher, idle):
    session.change_job(data=Path("/photos"))
    launcher.answers["advise"] = (Failed(sentence="The folder is gone.", next_step="Open it again."),)
    page.advise.click()
    idle()
    assert page.notice.text == "The folder is gone. Open it again."
    assert not page.advice.isVisible()
