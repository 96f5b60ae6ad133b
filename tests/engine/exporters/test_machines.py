"""Which formats this kind of machine can run, told without their packages."""

import ctypes
import sys

import pytest

from finetuner.engine.exporters import machines
from finetuner.engine.exporters.availability import lack


class Driver:
    """NVIDIA's driver with so many GPUs; `trouble` is what its start answers."""

    def __init__(self, gpus, trouble=0):
        self._gpus, self._trouble = gpus, trouble

    def cuInit(self, flags):
        return self._trouble

    def cuDeviceGetCount(self, count):
        ctypes.cast(count, ctypes.POINTER(ctypes.c_int))[0] = self._gpus
        return 0


def missing(name):
    raise OSError(f"{name}: cannot open shared object file")


@pytest.mark.parametrize(
    ("load", "gpus"),
    [
        (lambda name: Driver(2), 2),
        (lambda name: Driver(0), 0),
        (lambda name: Driver(2, trouble=999), 0),
        (missing, 0),
    ],
    ids=["two", "none", "does not start", "no driver"],
)
def test_gpus_are_counted_by_the_driver(load, gpus):
    assert machines.nvidia_gpus(load) == gpus


@pytest.mark.parametrize(("system", "library"), [("win32", "nvcuda.dll"), ("linux", "libcuda.so.1")])
def test_the_driver_goes_by_the_systems_name(monkeypatch, system, library):
    monkeypatch.setattr(sys, "platform", system)
    asked = []
    machines.nvidia_gpus(lambda name: asked.append(name) or Driver(1))
    assert asked == [library]


def test_a_core_ml_file_needs_a_mac(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert str(lack("coreml")) == (
        "A Core ML file can be run, and so be checked, on a Mac only. Export onnx here, or repeat this export on a Mac."
    )


def test_an_engine_needs_a_gpu(monkeypatch):
    monkeypatch.setattr(machines, "nvidia_gpus", lambda: 0)
    assert lack("tensorrt").sentence == "A TensorRT engine is built and checked on an NVIDIA GPU, and none was found."


@pytest.mark.parametrize(("name", "package"), [("coreml", "coremltools"), ("tensorrt", "tensorrt")])
def test_on_the_right_machine_the_package_is_asked_for(monkeypatch, name, package):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(machines, "nvidia_gpus", lambda: 1)
    monkeypatch.setitem(sys.modules, package, None)
    assert lack(name).next_step == f"Install it: pip install {package}"
