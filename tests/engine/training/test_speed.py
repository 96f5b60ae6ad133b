from collections.abc import Iterator

import psutil
import pytest
import torch

from finetuner.engine.backbones import speeds
from finetuner.engine.backbones.speeds import Condition
from finetuner.engine.events import Event, Notice, Progress, SpeedMeasured
from finetuner.engine.requests import SpeedRequest
from finetuner.engine.training import speed
from finetuner.engine.training.speed import measure_speed


@pytest.fixture(autouse=True)
def _quiet_and_brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "cpu_percent", lambda interval: 3.0)
    monkeypatch.setattr(speed, "ENOUGH_SECONDS", 0.0)


def measured(*backbones: str) -> list[Event]:
    return list(measure_speed(SpeedRequest(backbones=backbones, device="cpu")))


def here() -> Condition:
    return Condition(device="cpu", threads=torch.get_num_threads(), torch=speeds.installed_torch())


def test_a_backbone_is_timed_at_its_own_size_and_remembered() -> None:
    told = [event for event in measured("test_resnet") if isinstance(event, SpeedMeasured)]
    assert [(event.architecture, event.image_size) for event in told] == [("test_resnet", 160)]
    assert told[0].milliseconds > 0
    assert speeds.known(here()).of("test_resnet", 160) == pytest.approx(told[0].milliseconds, abs=1e-3)
    assert speeds.latest() == speeds.known(here())


def test_a_known_time_is_not_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    speeds.remember(here(), "test_resnet", 160, 12.5)
    monkeypatch.delattr(speed, "seconds_of_pass")
    assert [event.milliseconds for event in measured("test_resnet") if isinstance(event, SpeedMeasured)] == [12.5]


def test_the_median_of_several_passes_after_warming_up(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = iter([9.0, 9.0, 0.004, 0.002, 0.005, 0.003, 7.0])
    monkeypatch.setattr(speed, "seconds_of_pass", lambda model, images: next(taken))
    (told,) = [event for event in measured("test_resnet") if isinstance(event, SpeedMeasured)]
    assert told.milliseconds == pytest.approx(4.0)
    assert list(taken) == []


def test_a_stop_is_heard_between_two_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[int] = []
    monkeypatch.setattr(speed, "seconds_of_pass", lambda model, images: passes.append(1) or 0.001)
    events: Iterator[Event] = measure_speed(SpeedRequest(backbones=("test_resnet",), device="cpu"))
    assert isinstance(next(events), Progress)
    assert isinstance(next(events), Progress)
    events.close()  # type: ignore[attr-defined]
    assert passes == [1]
    assert speeds.latest() is None


def test_a_busy_machine_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "cpu_percent", lambda interval: 83.4)
    *_, last = measured("test_resnet")
    assert isinstance(last, Notice)
    assert "83 % busy" in last.sentence
    assert speeds.latest() is None


def test_one_that_cannot_be_built_does_not_keep_the_others_waiting() -> None:
    told = measured("no_such_network", "test_resnet")
    assert any(isinstance(event, Notice) and "no_such_network" in event.sentence for event in told)
    assert isinstance(told[-1], SpeedMeasured)
