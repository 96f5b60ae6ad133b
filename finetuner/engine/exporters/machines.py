"""What kind of machine a format needs beyond packages, found out without importing any of them."""

import ctypes
import sys
from collections.abc import Callable

from finetuner.engine.exporters.availability import Lack

Loader = Callable[[str], ctypes.CDLL]
_DRIVERS = {"win32": "nvcuda.dll"}
_DRIVER = "libcuda.so.1"
_INSTEAD = "Export onnx here, or repeat this export on"


def mac() -> Lack | None:
    """A Core ML file can be converted anywhere, but is run by a part of macOS."""
    if sys.platform == "darwin":
        return None
    return Lack("A Core ML file can be run, and so be checked, on a Mac only.", f"{_INSTEAD} a Mac.")


def nvidia() -> Lack | None:
    """A TensorRT engine is built and run on the GPU that it is for."""
    if nvidia_gpus():
        return None
    return Lack(
        "A TensorRT engine is built and checked on an NVIDIA GPU, and none was found.",
        f"{_INSTEAD} a machine with one.",
    )


def nvidia_gpus(load: Loader = ctypes.CDLL) -> int:
    """How many GPUs NVIDIA's driver tells; 0 where there is no driver, or it does not start."""
    try:
        driver = load(_DRIVERS.get(sys.platform, _DRIVER))
    except OSError:
        return 0
    count = ctypes.c_int(0)
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
        return 0
    return count.value
