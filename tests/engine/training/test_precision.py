import json

import pytest
import torch

from finetuner.engine import paths
from finetuner.engine.errors import FinetunerError
from finetuner.engine.training import precision as room
from finetuner.engine.training.passes import autocast
from finetuner.engine.training.precision import choose_precision
from tests.engine.tiny import tiny_network

CPU = torch.device("cpu")


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The gains that a measurement will find, one after the other; empty: measuring fails the test."""
    gains: list[float] = []
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: True)
    monkeypatch.setattr(room, "_gain", lambda network, learns, batch_norm: gains.pop(0))
    return gains


def chosen(wanted: str = "auto", image_size: int = 32, learns: bool = True) -> str:
    return choose_precision(wanted, CPU, tiny_network(image_size=image_size), learns)


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


def test_looking_and_learning_are_measured_apart(measured: list[float]) -> None:
    measured.extend([2.0, 1.0])
    assert (chosen(learns=False), chosen(learns=True)) == ("bf16", "fp32")


def test_steps_in_which_batch_norm_learns_are_measured_apart(measured: list[float]) -> None:
    measured.extend([2.0, 1.0])
    network = tiny_network(image_size=32)
    found = [choose_precision("auto", CPU, network, True, mode) for mode in ("frozen", "train", "frozen")]
    assert found == ["bf16", "fp32", "bf16"]


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
    assert choose_precision("auto", torch.device("cuda"), tiny_network(), learns=True) == expected


@pytest.mark.parametrize("learns", [True, False])
def test_the_measurement_measures_and_leaves_no_trace(learns: bool) -> None:
    network = tiny_network(image_size=32)
    before = {name: tensor.clone() for name, tensor in network.model.state_dict().items()}
    assert room._gain(network, learns, "frozen") > 0
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.model.state_dict().items())
    assert all(parameter.grad is None for parameter in network.model.parameters())


def test_autocast_computes_in_the_chosen_type() -> None:
    one = torch.ones(2, 2)
    with autocast("bf16", CPU):
        assert (one @ one).dtype == torch.bfloat16
    with autocast("fp32", CPU):
        assert (one @ one).dtype == torch.float32
