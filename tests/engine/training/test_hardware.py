from types import SimpleNamespace
from typing import Any

import pytest
import torch

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import DeviceChecked, DoctorEnded
from finetuner.engine.requests import DoctorRequest
from finetuner.engine.training import device_trouble, hardware, surroundings
from finetuner.engine.training.hardware import choose_device, doctor, examine

BUILT_FOR = ["sm_75", "sm_80", "sm_90", "compute_120"]


def machine(gpus: tuple[tuple[int, int], ...] = (), built: str | None = "13.2", **more: Any) -> SimpleNamespace:
    """A stand-in for torch on a machine with GPUs of these compute capabilities."""
    cuda = SimpleNamespace(
        is_available=lambda: bool(gpus),
        device_count=lambda: len(gpus),
        get_device_name=lambda number: f"GPU {number}",
        get_device_properties=lambda number: SimpleNamespace(total_memory=8 * 2**30),
        get_device_capability=lambda number: gpus[number],
        get_arch_list=lambda: BUILT_FOR,
        init=more.get("init", lambda: None),
    )
    mps = SimpleNamespace(is_available=lambda: more.get("mps", False))
    return SimpleNamespace(
        cuda=cuda, version=SimpleNamespace(cuda=built, hip=None), backends=SimpleNamespace(mps=mps), xpu=None
    )


def works(device: str) -> float:
    return {"cpu": 50.0}.get(device, 5000.0)


def chosen(rows: tuple[DeviceChecked, ...]) -> str:
    return next(row.device for row in rows if row.chosen)


@pytest.fixture(autouse=True)
def _visible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.mark.parametrize("capability", [(8, 0), (8, 6), (9, 0), (12, 0), (12, 1)])
def test_a_gpu_on_which_the_kernel_ran_is_chosen(capability: tuple[int, int]) -> None:
    rows = examine(machine((capability,)), works)
    assert chosen(rows) == "cuda:0"
    assert rows[0].gigaflops == 5000.0
    assert rows[-1].device == "cpu"
    assert not rows[-1].reason


@pytest.mark.parametrize("capability", [(6, 1), (7, 0), (10, 0)])
def test_a_gpu_for_which_torch_was_not_built_is_explained(capability: tuple[int, int]) -> None:
    rows = examine(machine((capability,)), works)
    assert chosen(rows) == "cpu"
    assert f"compute capability {capability[0]}.{capability[1]}" in rows[-1].reason
    assert "Install a torch" in rows[-1].fix


def test_the_second_gpu_is_chosen_when_the_first_is_too_old() -> None:
    assert chosen(examine(machine(((6, 1), (9, 0))), works)) == "cuda:1"


def test_a_device_that_fails_is_set_aside_with_its_own_words() -> None:
    def fails(device: str) -> float:
        if device == "cuda:0":
            raise RuntimeError("CUDA error: out of order\nmore lines")
        return 50.0

    gpu, cpu = examine(machine(((9, 0),)), fails)
    assert not gpu.works
    assert "out of order." in gpu.reason
    assert cpu.chosen
    assert cpu.reason == gpu.reason


def test_an_apple_gpu_is_chosen() -> None:
    assert chosen(examine(machine(mps=True), works)) == "mps"


def raising(text: str) -> Any:
    def init() -> None:
        raise RuntimeError(text)

    return init


@pytest.mark.parametrize(
    ("stand_in", "driver", "reason", "fix"),
    [
        (machine(built=None), True, "CPU-only build, though", "Install torch and torchvision"),
        (machine(built=None), False, "No NVIDIA driver is installed", "install its driver"),
        (machine(init=raising("The NVIDIA driver on your system is too old")), True, "too old", "Update the NVIDIA"),
        (
            machine(init=raising("Found no NVIDIA driver on your system")),
            False,
            "No NVIDIA driver",
            "install its driver",
        ),
        (machine(init=raising("CUDA unknown error")), True, "CUDA does not start: CUDA unknown error", "Restart"),
        (machine(), True, "CUDA found no GPU", "install its driver"),
    ],
)
def test_the_reason_for_the_cpu_is_told_with_a_fix(
    monkeypatch: pytest.MonkeyPatch, stand_in: Any, driver: bool, reason: str, fix: str
) -> None:
    monkeypatch.setattr(device_trouble, "nvidia_driver_present", lambda: driver)
    monkeypatch.setattr(device_trouble.sys, "platform", "linux")
    (cpu,) = examine(stand_in, works)
    assert reason in cpu.reason
    assert fix in cpu.fix


@pytest.mark.parametrize("value", ["", "-1"])
def test_hidden_gpus_are_noticed(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", value)
    (cpu,) = examine(machine(), works)
    assert "CUDA_VISIBLE_DEVICES hides" in cpu.reason


def test_the_kernel_really_runs_on_this_cpu() -> None:
    assert hardware.gigaflops("cpu") > 0


def test_wrong_numbers_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "equal", lambda one, other: False)
    with pytest.raises(RuntimeError, match="wrong numbers"):
        hardware.gigaflops("cpu")


def test_the_device_asked_for_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_device("cpu") == torch.device("cpu")
    seen = examine(machine(((9, 0),)), works)
    monkeypatch.setattr(hardware, "examine", lambda _: seen)
    assert choose_device("cuda") == torch.device("cuda:0")
    monkeypatch.setattr(hardware, "_others", lambda _: [object()])
    assert choose_device("auto") == torch.device("cuda:0")


def test_without_another_device_nothing_is_tried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "_others", lambda _: [])
    monkeypatch.setattr(hardware, "examine", lambda _: pytest.fail("looked"))
    assert choose_device("auto") == torch.device("cpu")


def test_a_device_that_does_not_work_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "examine", lambda _: examine(machine(((6, 1),)), works))
    with pytest.raises(FinetunerError, match=r"cuda cannot be used: GPU 0 has compute capability 6\.1"):
        choose_device("cuda")
    with pytest.raises(FinetunerError, match="mps cannot be used"):
        choose_device("mps")


def test_the_doctor_tells_versions_devices_and_surroundings() -> None:
    *_, told = doctor(DoctorRequest())
    assert isinstance(told, DoctorEnded)
    assert {"finetuner", "python", "torch", "torchvision", "timm", "PySide6", "onnxruntime", "Pillow"} == set(
        told.versions
    )
    assert sum(device.chosen for device in told.devices) == 1
    assert {"torch with torchvision", "display", "camera", "runs folder", "network"} == set(told.checks)


def test_the_doctor_still_speaks_when_torch_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise RuntimeError("operator torchvision::nms does not exist")

    monkeypatch.setattr(hardware, "import_module", broken)
    *_, told = doctor(DoctorRequest())
    assert isinstance(told, DoctorEnded)
    assert told.devices == ()
    assert (
        "torchvision::nms does not exist. Install torch and torchvision, both from"
        in told.checks["torch with torchvision"]
    )


def test_a_package_that_is_missing_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_PACKAGES", {"absent": "no-such-package-anywhere"})
    assert surroundings.versions()["absent"] == "not installed"


def test_the_network_switch_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert "switched off" in surroundings.surroundings()["network"]
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    assert "only when you ask" in surroundings.surroundings()["network"]
