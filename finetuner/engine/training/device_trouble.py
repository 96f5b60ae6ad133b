"""Why a device is not used, and what would change that: what torch was built for, and what the drivers say.

`torch` is the module everywhere (tests give a stand-in).
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INSTALL = "Install torch and torchvision, both from the same place, as pytorch.org/get-started says for your GPU."
_GPU_ADVICE = "If this machine has a GPU, install its driver and a torch built for it; otherwise all is well."


@dataclass(frozen=True)
class Trouble:
    """Why a device is not used, and what would change that."""

    reason: str
    fix: str = ""


def why_no_gpu(torch: Any) -> Trouble:
    """The most telling reason why torch sees none."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    if hidden is not None and hidden.strip() in ("", "-1"):
        return Trouble("CUDA_VISIBLE_DEVICES hides every GPU.", "Unset that variable to use the GPU.")
    if torch.version.cuda is None and getattr(torch.version, "hip", None) is None:
        return _cpu_only_build()
    return _driver_trouble(torch)


def _cpu_only_build() -> Trouble:
    if sys.platform == "darwin":
        return Trouble("This Mac has no GPU that torch can use.")
    if nvidia_driver_present():
        return Trouble("This torch is the CPU-only build, though an NVIDIA driver is installed.", INSTALL)
    return Trouble("No NVIDIA driver is installed, and this torch is the CPU-only build.", _GPU_ADVICE)


def _driver_trouble(torch: Any) -> Trouble:
    """What CUDA itself says when it is asked to start."""
    try:
        torch.cuda.init()
    except (RuntimeError, AssertionError) as error:
        said = str(error).strip().split("\n")[0]
        if "too old" in said:
            return Trouble(f"The NVIDIA driver is too old for this torch ({said}).", "Update the NVIDIA driver.")
        if "no NVIDIA driver" in said or not nvidia_driver_present():
            return Trouble("No NVIDIA driver was found.", _GPU_ADVICE)
        return Trouble(
            f"CUDA does not start: {said}.", "Restart the machine; if that does not help, update the driver."
        )
    return Trouble("CUDA found no GPU.", _GPU_ADVICE)


def nvidia_driver_present() -> bool:
    """A driver is loaded, or its tool is installed."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def not_built_for(name: str, capability: tuple[int, int], built_for: list[str]) -> Trouble | None:
    """Machine code runs on the same major version from its minor on; PTX (compute_) on everything newer."""
    for architecture in built_for:
        kind, _, digits = architecture.partition("_")
        number = int("".join(filter(str.isdigit, digits)))
        major, minor = divmod(number, 10)
        if (kind == "sm" and major == capability[0] and minor <= capability[1]) or (
            kind == "compute" and (major, minor) <= capability
        ):
            return None
    return Trouble(
        f"{name} has compute capability {capability[0]}.{capability[1]}, and this torch was built for "
        f"{', '.join(built_for) or 'none'}.",
        "Install a torch whose list holds it: an older release for an old GPU, the newest for a new one.",
    )
