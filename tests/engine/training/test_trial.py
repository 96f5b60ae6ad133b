import pytest
import torch
from torch import nn

from finetuner.engine.backbones.network import Network
from finetuner.engine.training.trial import Trial, machine_and
from tests.engine.tiny import tiny_network

CPU = torch.device("cpu")


def state(network: Network) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in network.model.state_dict().items()}


def test_the_network_itself_stays_as_it_was() -> None:
    network = tiny_network(image_size=32)
    before = state(network)
    trial = Trial(network, CPU)
    assert trial.seconds(2, "fp32", learns=True) > 0
    assert trial.seconds(2, "bf16", learns=False) > 0
    assert trial.kept_bytes("fp32") > 0
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.model.state_dict().items())
    assert all(parameter.grad is None for parameter in network.model.parameters())


def test_what_autograd_keeps_is_counted_once_and_without_weights() -> None:
    trial = Trial(tiny_network(image_size=32), CPU)
    trial.network.model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, 10), nn.Sigmoid())
    # the image, as the linear layer's input, and the sigmoid's output
    assert trial.kept_bytes("fp32") == (3 * 32 * 32 + 10) * 4


def test_larger_images_keep_more() -> None:
    small, large = (Trial(tiny_network(image_size=size), CPU).kept_bytes("fp32") for size in (32, 64))
    assert 3 < large / small < 5


def test_a_time_is_true_for_this_network_at_this_size() -> None:
    networks = [tiny_network(name, image_size=size) for name in ("test_resnet", "test_vit") for size in (32, 64)]
    assert len({machine_and(network, CPU) for network in networks}) == 4
    assert machine_and(tiny_network(image_size=32), CPU) == machine_and(networks[0], CPU)


@pytest.mark.parametrize("kind", ["cuda", "mps", "cpu"])
def test_the_clock_waits_for_a_device_that_computes_by_itself(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[str] = []
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: waited.append("cuda"))
    monkeypatch.setattr(torch.mps, "synchronize", lambda: waited.append("mps"))
    trial = Trial(tiny_network(image_size=32), CPU)
    trial.device = torch.device(kind)
    trial._wait()
    assert waited == [kind] * (kind != "cpu")


@pytest.mark.parametrize("mode", ["frozen", "train"])
def test_a_step_is_tried_with_batch_norm_as_the_run_has_it(mode: str) -> None:
    trial = Trial(tiny_network("test_resnet", image_size=32), CPU, batch_norm=mode)
    before = state(trial.network)
    trial.seconds(2, "fp32", learns=True)
    moved = [name for name, tensor in state(trial.network).items() if not torch.equal(tensor, before[name])]
    assert (moved != []) == (mode == "train")
    assert all("running" in name or "num_batches" in name for name in moved)


def test_a_batch_norm_that_learns_keeps_more() -> None:
    network = tiny_network("test_resnet", image_size=32)
    rests, learns = (Trial(network, CPU, batch_norm=mode).kept_bytes("fp32") for mode in ("frozen", "train"))
    assert learns > 1.2 * rests
