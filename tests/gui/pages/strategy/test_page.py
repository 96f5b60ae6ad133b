from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from finetuner.engine.events import (
    Failed,
    PhaseRow,
    PlanDrawn,
    PreviewMade,
    RaceEnded,
    RaceEntered,
    RaceEntry,
    RaceScored,
)
from finetuner.engine.job import StrategyPart
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.gui.pages.strategy import StrategyPage
from finetuner.gui.session import Session

PLAN = PlanDrawn(
    blocks=("stem", "head"),
    block_parameters=(10, 20),
    phases=(PhaseRow(start=0, title="Probe", rates=(None, 1e-3)), PhaseRow(start=1, title="All", rates=(1e-5, 1e-4))),
    batch_norm="frozen",
    epochs=4,
)


@pytest.fixture
def make_page(qtbot, launcher, session: Session, tmp_path: Path):
    files = []
    for number in range(6):
        files.append(str(tmp_path / f"preview-{number}.png"))
        Image.new("RGB", (16, 16), (30 * number, 90, 90)).save(files[-1])
    launcher.answers |= {"plan": (PLAN,), "preview": (PreviewMade(images=tuple(files)),)}

    def make() -> StrategyPage:
        page = StrategyPage(session)
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(lambda: "plan" in asked(launcher))
        qtbot.waitUntil(lambda: not session.calls.busy)
        return page

    return make


def asked(launcher) -> list[str]:
    return [request.task for request in launcher.requests]


def plans(launcher) -> list[StrategyPart]:
    return [request.job.strategy for request in launcher.requests if request.task == "plan"]


def test_the_plan_is_drawn(make_page):
    rows = make_page().plan.table.plan.rows
    assert [(row.title, row.when) for row in rows] == [("Probe", "epoch 1"), ("All", "epochs 2–4")]


def test_choosing_a_card_changes_the_draft_and_asks_for_its_plan(qtbot, make_page, session, launcher):
    page = make_page()
    qtbot.mouseClick(page.cards.cards["lp-ft"], Qt.MouseButton.LeftButton)
    assert session.job.strategy.strategy == "lp-ft"
    qtbot.waitUntil(lambda: asked(launcher).count("plan") == 2)
    assert plans(launcher)[-1].strategy == "lp-ft"


def test_many_changes_make_one_question(qtbot, make_page, session, launcher):
    make_page()
    for epochs in (3, 4, 5):
        session.change_job(epochs=epochs)
    qtbot.waitUntil(lambda: asked(launcher).count("plan") == 2)
    assert plans(launcher)[-1].epochs == 5


def test_what_changes_no_plan_asks_for_none(qtbot, make_page, session, launcher):
    page = make_page()
    session.change_job(seed=7)
    qtbot.waitUntil(lambda: not page.plan._pause.isActive())
    assert asked(launcher).count("plan") == 1


def test_only_options_the_strategy_hears_are_shown(make_page, session):
    page = make_page()
    session.change_job(strategy="discriminative")
    assert page.options.essential.editor("layer_decay").isVisible()
    assert not page.options.essential.editor("freeze_blocks").isVisible()


def test_advanced_options_are_a_click_away(make_page):
    page = make_page()
    assert not page.options.advanced.isVisible()
    page.options.more.click()
    assert page.options.advanced.isVisible()


def test_a_form_changes_the_draft(make_page, session):
    page = make_page()
    page.options.essential.changed.emit({"epochs": 3})
    assert session.job.strategy.epochs == 3


def test_a_refused_plan_is_told(qtbot, make_page, session, launcher):
    page = make_page()
    launcher.answers["plan"] = (Failed(sentence="There are only 7 blocks.", next_step="Freeze fewer."),)
    session.change_job(strategy="freeze", freeze_blocks=90)
    qtbot.waitUntil(lambda: page.notice.text == "There are only 7 blocks. Freeze fewer.")


def test_augmentation_is_shown_on_the_users_own_image(qtbot, scanned, make_page, launcher):
    page = make_page()
    qtbot.waitUntil(lambda: len(page.augmentation.strip.images) == 6)
    request = next(request for request in launcher.requests if request.task == "preview")
    assert str(request.image) in {image.path for image in scanned.dataset.images}
    scanned.change_job(augmentation="randaugment")
    qtbot.waitUntil(lambda: len(previewed(launcher)) == 2)
    assert [request.augmentation for request in launcher.requests if request.task == "preview"][-1] == "randaugment"


def test_another_image_is_another_image(qtbot, scanned, make_page, launcher):
    page = make_page()
    qtbot.waitUntil(lambda: len(previewed(launcher)) == 1)
    page.augmentation.another.click()
    qtbot.waitUntil(lambda: len(previewed(launcher)) == 2)
    assert len(set(previewed(launcher))) == 2


def previewed(launcher) -> list[Path]:
    return [request.image for request in launcher.requests if request.task == "preview"]


def test_without_images_there_is_nothing_to_train(make_page, session):
    page = make_page()
    assert not page.train.isEnabled()
    session.change_job(data=Path("somewhere"))
    assert page.train.isEnabled()


def raced(tmp_path: Path, strategy: str, accuracy: float) -> RaceEntry:
    return RaceEntry(
        strategy=strategy, run=str(tmp_path / f"race-{strategy}"), status="done", accuracy=accuracy, images=153,
        accuracy_interval=(accuracy - 0.04, accuracy + 0.02), loss=0.2, epochs=2, best_epoch=1, seconds=4.0,
    )  # fmt: skip


def entered(entry: RaceEntry, number: int) -> RaceEntered:
    return RaceEntered(number=number, entries=2, strategy=entry.strategy, run=entry.run, seconds=60)


def test_a_race_is_started_followed_and_its_winner_becomes_the_run(qtbot, make_page, session, launcher, tmp_path):
    page = make_page()
    assert not page.race.start.isEnabled()
    session.change_job(data=tmp_path)
    probe, full = raced(tmp_path, "probe", 0.94), raced(tmp_path, "full", 0.95)
    ended = RaceEnded(status="done", ranking=(full, probe), winner=probe.run, sentence="Take the probe.", budget=90)
    launcher.answers["race"] = (
        entered(probe, 1), RaceScored(entry=probe), entered(full, 2), RaceScored(entry=full), ended,
    )  # fmt: skip
    page.race.budget.setValue(90)
    page.race.start.click()
    qtbot.waitUntil(lambda: not session.training.running)
    (request,) = [request for request in launcher.requests if request.task == "race"]
    assert (request.seconds, request.job.data.data) == (90.0, tmp_path)
    assert [entry.strategy for entry in page.race.entries] == ["full", "probe"]
    assert page.race.words.text() == "Take the probe."
    assert session.run == Path(probe.run)
    assert page.race.start.isVisible()
    qtbot.waitUntil(lambda: not session.calls.busy)


def test_a_race_is_stopped_through_the_run_under_way(qtbot, make_page, session, launcher, tmp_path):
    page = make_page()
    session.change_job(data=tmp_path)
    run = RunFolder.create(tmp_path / "race-probe", session.job)
    launcher.answers["race"], launcher.endless = (entered(raced(tmp_path, "probe", 0.9), 1),), {"race"}
    page.race.start.click()
    qtbot.waitUntil(lambda: page.race.stop.isVisible())
    assert "1 of 2: Linear probe" in page.race.words.text()
    assert not page.train.isEnabled()
    page.race.stop.click()
    assert run.control.wish == "stop"
    session.training.stop()
    qtbot.waitUntil(lambda: not session.training.running)
    assert not page.race.stop.isVisible()
    qtbot.waitUntil(lambda: not session.calls.busy)
