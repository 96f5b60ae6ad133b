"""Which device works, proved by running on it; and when the CPU is used, why, and what would change that.

torch is imported inside the functions, so that the doctor can still speak when torch itself does not load.
"""

import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import psutil

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import DeviceChecked, DoctorEnded, Event, Progress
from finetuner.engine.requests import DoctorRequest
from finetuner.engine.training.device_trouble import INSTALL, Trouble, not_built_for, why_no_gpu
from finetuner.engine.training.surroundings import surroundings, versions

if TYPE_CHECKING:
    import torch

_SIDE = 512
_MEASURED_SECONDS = 0.1

Kernel = Callable[[str], float]


def choose_device(name: str) -> "torch.device":
    """`auto`: the fastest device on which a real kernel gives the right numbers; else the one asked for.

    Raises FinetunerError with the reason when the device asked for does not work.
    """
    import torch

    if name == "cpu" or (name == "auto" and not any(_others(torch))):
        return torch.device("cpu")
    found = examine(torch)
    if name == "auto":
        return torch.device(next(row.device for row in found if row.chosen))
    return torch.device(_working(name, found))


def doctor(request: DoctorRequest) -> Iterator[Event]:
    """Run a real kernel on each device and look around. Yields Progress, DoctorEnded."""
    yield Progress(activity="Testing the devices", done=0)
    trouble = _import_trouble()
    checks = {"torch with torchvision": f"does not load: {trouble}" if trouble else "loads"}
    devices = () if trouble else examine(import_module("torch"))
    yield DoctorEnded(versions=versions(), devices=devices, checks=checks | surroundings())


def examine(torch: Any, kernel: Kernel | None = None) -> tuple[DeviceChecked, ...]:
    """Every device, the fastest kind first; the first that works is chosen. The CPU's row says why, if it is.

    `torch` is the module (tests give a stand-in); `kernel` returns gigaflops or raises RuntimeError.
    """
    run = kernel or (lambda device: gigaflops(device))
    others = [_tested(row, run) for row in _others(torch)]
    cpu = _tested(_row("cpu", _processor(), psutil.virtual_memory().total), run)
    if not any(row.works for row in others):
        trouble = others[0] if others else why_no_gpu(torch)
        cpu = cpu.model_copy(update={"reason": trouble.reason, "fix": trouble.fix})
    rows = [*others, cpu]
    chosen = next((row.device for row in rows if row.works), "cpu")
    return tuple(row.model_copy(update={"chosen": row.device == chosen}) for row in rows)


def gigaflops(device: str) -> float:
    """Multiply and convolve on `device`, compare with the CPU exactly, and time it: billions of operations a second.

    The factors are small whole numbers, so that every precision must give the same sums.
    Raises RuntimeError when the numbers are wrong or the device fails.
    """
    import torch

    numbers = torch.arange(_SIDE * _SIDE).reshape(_SIDE, _SIDE).remainder(7).to(torch.float32)
    there = numbers.to(device)
    convolved = torch.nn.functional.conv2d(there[None, None], torch.ones(1, 1, 3, 3, device=device))
    expected = torch.nn.functional.conv2d(numbers[None, None], torch.ones(1, 1, 3, 3))
    if not (torch.equal((there @ there).cpu(), numbers @ numbers) and torch.equal(convolved.cpu(), expected)):
        raise RuntimeError("it computed wrong numbers")
    return 2 * _SIDE**3 / _seconds_each(lambda: (there @ there)[0, 0].item()) / 1e9


def _seconds_each(work: Callable[[], object]) -> float:
    rounds, started = 0, time.perf_counter()
    while time.perf_counter() - started < _MEASURED_SECONDS:
        work()
        rounds += 1
    return (time.perf_counter() - started) / rounds


def _working(name: str, found: tuple[DeviceChecked, ...]) -> str:
    """The first working device of this kind. Raises FinetunerError."""
    same_kind = [row for row in found if row.device.partition(":")[0] == name]
    works = next((row.device for row in same_kind if row.works), None)
    if works is None:
        broken = same_kind[0] if same_kind else found[-1]
        raise FinetunerError(f"The device {name} cannot be used: {broken.reason}", broken.fix or "Use --device cpu.")
    return works


def _tested(row: DeviceChecked, kernel: Kernel) -> DeviceChecked:
    """The row after a real kernel ran, unless it is known that none can."""
    if row.reason:
        return row
    try:
        return row.model_copy(update={"works": True, "gigaflops": round(kernel(row.device), 1)})
    except (RuntimeError, AssertionError) as error:
        first_line = str(error).strip().split("\n")[0]
        return row.model_copy(update={"reason": f"A test computation failed on it: {first_line}.", "fix": INSTALL})


def _row(device: str, name: str, memory: float, trouble: Trouble | None = None) -> DeviceChecked:
    told = {"reason": trouble.reason, "fix": trouble.fix} if trouble else {}
    return DeviceChecked(device=device, name=name, works=False, memory_mb=round(memory / 2**20), **told)


def _others(torch: Any) -> Iterator[DeviceChecked]:
    yield from _cuda(torch)
    yield from _mps(torch)
    yield from _xpu(torch)


def _cuda(torch: Any) -> Iterator[DeviceChecked]:
    if not torch.cuda.is_available():
        return
    for number in range(torch.cuda.device_count()):
        name = torch.cuda.get_device_name(number)
        memory = torch.cuda.get_device_properties(number).total_memory
        capability = torch.cuda.get_device_capability(number)
        yield _row(f"cuda:{number}", name, memory, not_built_for(name, capability, torch.cuda.get_arch_list()))


def _mps(torch: Any) -> Iterator[DeviceChecked]:
    if torch.backends.mps.is_available():
        yield _row("mps", "Apple GPU", psutil.virtual_memory().total)


def _xpu(torch: Any) -> Iterator[DeviceChecked]:
    xpu = getattr(torch, "xpu", None)
    if xpu is not None and xpu.is_available():
        yield _row("xpu", xpu.get_device_name(0), xpu.get_device_properties(0).total_memory)


def _processor() -> str:
    return f"CPU, {psutil.cpu_count(logical=True) or 1} threads"


def _import_trouble() -> str:
    """Why torch or torchvision does not load; empty when both do. Builds of two origins fail here."""
    try:
        import_module("torch")
        import_module("torchvision")
    except (ImportError, RuntimeError, OSError) as error:
        return f"{error}. {INSTALL}"
    return ""
