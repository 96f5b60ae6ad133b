import pytest

from finetuner.engine import paths
from finetuner.engine.backbones import speeds
from finetuner.engine.backbones.speeds import Condition

HERE = Condition(device="cpu", threads=2, torch=speeds.installed_torch())
GPU = Condition(device="cuda", threads=2, torch=speeds.installed_torch())


def test_nothing_is_known_at_first() -> None:
    assert speeds.latest() is None
    assert speeds.known(HERE).of("resnet18", 224) is None


def test_each_condition_has_times_of_its_own() -> None:
    speeds.remember(HERE, "resnet18", 224, 21.5)
    speeds.remember(GPU, "resnet18", 224, 1.5)
    assert (speeds.known(HERE).of("resnet18", 224), speeds.known(GPU).of("resnet18", 224)) == (21.5, 1.5)
    assert speeds.known(HERE).of("resnet18", 160) is None


def test_the_latest_condition_is_shown() -> None:
    speeds.remember(GPU, "resnet18", 224, 1.5)
    speeds.remember(HERE, "vit", 224, 50.0)
    found = speeds.latest()
    assert found is not None
    assert (found.condition, found.of("vit", 224), found.of("resnet18", 224)) == (HERE, 50.0, None)


def test_times_of_another_torch_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    speeds.remember(HERE, "resnet18", 224, 21.5)
    monkeypatch.setattr(speeds, "installed_torch", lambda: "99.0")
    assert speeds.latest() is None


def test_a_damaged_file_is_measured_again() -> None:
    speeds.remember(HERE, "resnet18", 224, 21.5)
    (paths.cache_dir() / "speed.json").write_text("{")
    assert speeds.latest() is None
    speeds.remember(HERE, "resnet18", 224, 22.0)
    assert speeds.known(HERE).of("resnet18", 224) == 22.0


def test_a_condition_is_told_in_words() -> None:
    assert (str(HERE), str(GPU)) == ("cpu, 2 threads", "cuda")
