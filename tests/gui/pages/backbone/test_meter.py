import pytest
from PySide6.QtWidgets import QWidget

from finetuner.engine.events import SpeedMeasured
from finetuner.engine.requests import DoctorRequest
from finetuner.gui.pages.backbone.meter import MOST_GMACS, SpeedMeter, worth_timing
from tests.gui.pages.backbone.rows import row

TOLD = SpeedMeasured(backbone="a", architecture="a", image_size=224, milliseconds=3.0, measured_on="cuda")


@pytest.fixture
def parent(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def meter(parent, session, launcher):
    launcher.answers["measure-speed"] = (TOLD,)
    made = SpeedMeter(session, parent)
    made.wake()
    yield made
    made.rest()


def asked(launcher) -> list[str]:
    return [name for request in launcher.requests if request.task == "measure-speed" for name in request.backbones]


def test_one_after_the_other_is_timed(qtbot, meter, launcher, idle):
    meter.want((row("a"), row("b")))
    assert launcher.requests == []  # not before it has been quiet for a while
    with qtbot.waitSignal(meter.measured) as measured:
        meter.begin()
    assert measured.args == [TOLD]
    idle()
    meter.begin()
    idle()
    assert asked(launcher) == ["a", "b"]
    assert meter.wanted == []


def test_what_is_selected_goes_before_the_others(meter):
    meter.want((row("a"), row("b")))
    meter.want((row("b"),), first=True)
    assert meter.wanted == ["b", "a"]


def test_another_call_stops_it_at_once_and_it_tries_again_afterwards(meter, launcher, session, idle):
    launcher.endless = {"measure-speed"}
    meter.want((row("a"),))
    meter.begin()
    other = session.call(DoctorRequest(), lambda event: None)
    assert other is not None
    idle()
    assert [task.stopped.is_set() for task in launcher.tasks if task.endless] == [True]
    assert meter.wanted == ["a"]
    assert meter.quiet.isActive()


def test_out_of_sight_it_stops_and_remembers(meter, launcher, idle):
    launcher.endless = {"measure-speed"}
    meter.want((row("a"),))
    meter.begin()
    meter.rest()
    idle()
    assert (meter.wanted, meter.quiet.isActive()) == (["a"], False)
    meter.begin()
    assert asked(launcher) == ["a"]


def test_it_does_not_begin_while_something_else_works(meter, launcher, session, idle):
    launcher.endless = {"doctor"}
    other = session.call(DoctorRequest(), lambda event: None)
    meter.want((row("a"),))
    meter.begin()
    assert asked(launcher) == []
    other.stop()
    idle()


def test_what_is_known_or_takes_too_long_is_not_timed():
    assert worth_timing(row("a", gmacs=0.3))
    assert not worth_timing(row("a", milliseconds=3.0))
    assert not worth_timing(row("a", gmacs=MOST_GMACS * 2))
    assert not worth_timing(row("a", parameters=600_000_000))
