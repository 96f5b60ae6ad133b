import json

import pytest
import torch
from torch import nn

from finetuner.engine import paths
from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import StrategyPart
from finetuner.engine.strategies import draw
from finetuner.engine.strategies.plan import Plan
from finetuner.engine.training import precision as room
from finetuner.engine.training.precision import autocast, choose_precision
from tests.engine.tiny import tiny_network

CPU = torch.device("cpu")
STEPPING = draw(("stem", "head"), StrategyPart(strategy="full"), pretrained=True)
SOLVING = draw(("stem", "head"), StrategyPart(strategy="probe"), pretrained=True)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The gains that a measurement will find, one after the other; empty: measuring fails the test."""
    gains: list[float] = []
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: True)
    monkeypatch.setattr(room, "_gain", lambda model, size: gains.pop(0))
    return gains


def chosen(wanted: str = "auto", image_size: int = 32, plan: Plan = STEPPING) -> str:
    return choose_precision(wanted, CPU, tiny_network(image_size=image_size), plan)


@pytest.mark.parametrize(("gain", "expected"), [(1.0, "fp32"), (1.14, "fp32"), (1.16, "bf16")])
def test_bf16_must_be_worth_it(measured: list[float], gain: float, expected: str) -> None:
    measured.append(gain)
    assert chosen() == expected


def test_it_is_measured_once_and_remembered(measured: list[float]) -> None:
    measured.extend([2.0, 1.0])
    assert [chosen(), chosen(), chosen()] == ["bf16"] * 3
    assert chosen(image_size=64) == "fp32"
    assert chosen() == "bf16"
    assert len(json.loads((paths.cache_dir() / "precision.json").read_text())) == 2


@pytest.mark.parametrize("content", ["", "{", "[1]", "null"])
def test_a_damaged_memory_is_measured_anew(measured: list[float], content: str) -> None:
    paths.cache_dir().mkdir(parents=True)
    (paths.cache_dir() / "precision.json").write_text(content)
    measured.append(2.0)
    assert chosen() == "bf16"


@pytest.mark.parametrize("wanted", ["fp32", "bf16"])
def test_a_wish_is_not_measured(measured: list[float], wanted: str) -> None:
    assert chosen(wanted) == wanted


def test_a_frozen_network_keeps_fp32(measured: list[float]) -> None:
    assert chosen(plan=SOLVING) == "fp32"


def test_a_processor_without_bf16_is_not_measured(measured: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: False)
    assert chosen() == "fp32"


def test_fp16_is_refused_on_the_cpu() -> None:
    with pytest.raises(FinetunerError, match="CPU cannot train in fp16"):
        chosen("fp16")


@pytest.mark.parametrize(("hardware", "expected"), [(True, "bf16"), (False, "fp16")])
def test_a_gpu_takes_bf16_where_its_hardware_has_it(
    monkeypatch: pytest.MonkeyPatch, hardware: bool, expected: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: hardware or including_emulation)
    assert choose_precision("auto", torch.device("cuda"), tiny_network(), STEPPING) == expected


def test_the_measurement_measures() -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(784, 2))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    assert room._gain(model, 16) > 0
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


def test_autocast_computes_in_the_chosen_type() -> None:
    one = torch.ones(2, 2)
    with autocast("bf16", CPU):
        assert (one @ one).dtype == torch.bfloat16
    with autocast("fp32", CPU):
        assert (one @ one).dtype == torch.float32
