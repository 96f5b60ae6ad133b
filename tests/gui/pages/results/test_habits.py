"""The tab that says what each class hangs on."""

from pathlib import Path

import pytest
from PIL import Image

from finetuner.engine.events import ClassHabit, Failed, PlaceHabit, PredictionRow, ShortcutsMeasured, Suspicion
from finetuner.engine.requests import ShortcutsRequest
from finetuner.gui.pages.results import ResultsPage
from finetuner.gui.pages.results.habits import Habits
from tests.gui.pages.finished_run import finished_run


def row(number: int) -> PredictionRow:
    return PredictionRow(source=f"{number}.png", label="ants", probability=0.5 + number / 10, truth="ants")


def place(name: str, hits: int, suspicion: Suspicion) -> PlaceHabit:
    rows = tuple(row(number) for number in range(hits))
    return PlaceHabit(place=name, area=0.44, attention=0.3, n=4, decided=hits / 4, suspicion=suspicion, rows=rows)


def habit(name: str, suspicion: Suspicion, picture: str = "", hits: int = 2) -> ClassHabit:
    places = (place("border", hits, suspicion), place("background", 0, "unsuspicious"))
    rows = tuple(row(number) for number in range(4))
    return ClassHabit(
        name=name, n=4, right=4, places=places, sentence=f"{name} …", suspicion=suspicion, picture=picture, rows=rows
    )


def measured(*habits: ClassHabit) -> ShortcutsMeasured:
    return ShortcutsMeasured(method="grad-cam", layer="layer4", classes=habits)


@pytest.fixture
def view(qtbot) -> Habits:
    made = Habits()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def page(qtbot, session, tmp_path) -> ResultsPage:
    session.set_run(finished_run(tmp_path))
    made = ResultsPage(session)
    qtbot.addWidget(made, before_close_func=lambda page: page.answers.grid.pictures.close())
    return made


def test_the_suspicious_come_first_and_are_named(view: Habits) -> None:
    view.show_measured(measured(habit("bees", "unsuspicious"), habit("wasps", "too-few"), habit("ants", "suspicious")))
    assert [card.habit.name for card in view.cards] == ["ants", "wasps", "bees"]
    assert view.words.text().startswith("Suspicious: ants.")


@pytest.mark.parametrize(("suspicion", "words"), [("too-few", "too few images"), ("unsuspicious", "does not decide")])
def test_without_a_suspicion_none_is_voiced(view: Habits, suspicion: Suspicion, words: str) -> None:
    view.show_measured(measured(habit("bees", suspicion)))
    assert words in view.words.text()


def test_another_measurement_takes_the_place_of_the_last(view: Habits) -> None:
    view.show_measured(measured(habit("bees", "unsuspicious"), habit("ants", "unsuspicious")))
    view.show_measured(measured(habit("ants", "unsuspicious")))
    assert len(view.cards) == 1
    view.forget()
    assert view.cards == []


def test_the_average_map_is_shown_and_opens_large(view: Habits, tmp_path: Path, qtbot) -> None:
    file = tmp_path / "map.png"
    Image.new("RGB", (32, 32), "red").save(file)
    view.show_measured(measured(habit("ants", "suspicious", str(file))))
    shown = view.cards[0].picture
    assert shown.image.pixelColor(5, 5).name() == "#ff0000"
    shown.opened.emit()
    assert view.viewer.isVisible()
    view.viewer.close()


def test_a_number_without_images_opens_nothing(view: Habits) -> None:
    view.show_measured(measured(habit("ants", "suspicious")))
    border, background = view.cards[0].numbers
    assert border.isEnabled()
    assert not background.isEnabled()


def test_the_page_asks_and_every_number_opens_its_images(page, session, launcher, idle) -> None:
    launcher.answers["shortcuts"] = (measured(habit("ants", "suspicious")),)
    page.habits.look.click()
    idle()
    asked = launcher.requests[-1]
    assert isinstance(asked, ShortcutsRequest)
    assert (asked.run, asked.method) == (session.run, "grad-cam")
    page.habits.cards[0].numbers[0].click()
    assert page.answers.heading.text() == "ants: decided by the border"
    assert [picture.key for picture in page.answers.grid.pictures.pictures] == ["1.png", "0.png"]
    page.habits.cards[0].all.click()
    assert page.answers.grid.pictures.rowCount() == 4


def test_looking_can_be_stopped(page, launcher, idle, qtbot) -> None:
    launcher.endless.add("shortcuts")
    page.habits.look.click()
    assert not page.habits.stop.isHidden()
    qtbot.waitUntil(lambda: bool(launcher.tasks))
    page.habits.stop.click()
    idle()
    assert page.habits.stop.isHidden()
    assert page.progress.isHidden()


def test_trouble_is_told_and_it_may_be_asked_again(page, launcher, idle) -> None:
    launcher.answers["shortcuts"] = (Failed(sentence="No layer has places.", next_step="Use larger images."),)
    page.habits.look.click()
    idle()
    assert page.notice.isVisibleTo(page)
    assert not page.habits.look.isHidden()


def test_another_run_forgets_what_was_seen(page, session, launcher, idle, tmp_path) -> None:
    launcher.answers["shortcuts"] = (measured(habit("ants", "suspicious")),)
    page.habits.look.click()
    idle()
    session.set_run(finished_run(tmp_path / "other"))
    assert page.habits.cards == []
