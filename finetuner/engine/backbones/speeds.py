"""The measured speeds of this machine, kept in the cache folder. Torch-free; `training.speed` measures."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from finetuner.engine import paths
from finetuner.engine.files import write_text

_KEPT = 8  # conditions: devices, numbers of threads, versions of torch


class Condition(BaseModel):
    """Under which a speed was measured; another one has speeds of its own."""

    model_config = ConfigDict(frozen=True)
    device: str
    threads: int
    torch: str

    def __str__(self) -> str:
        """`cpu, 2 threads`; a GPU does not care for the CPU's threads."""
        return f"cpu, {self.threads} threads" if self.device == "cpu" else self.device


class Speeds(BaseModel):
    """Milliseconds for one image, by architecture and image size, all under one condition."""

    condition: Condition
    milliseconds: dict[str, float] = {}

    def of(self, architecture: str, image_size: int) -> float | None:
        """The measured time, None where it was not measured."""
        return self.milliseconds.get(_key(architecture, image_size))


class _File(BaseModel):
    """All conditions, the latest first."""

    measured: list[Speeds] = []


def latest() -> Speeds | None:
    """What was measured last on this machine, unless another torch is installed since."""
    speeds = next(iter(_read().measured), None)
    return speeds if speeds and speeds.condition.torch == installed_torch() else None


def known(condition: Condition) -> Speeds:
    """What was measured under this condition."""
    same = (speeds for speeds in _read().measured if speeds.condition == condition)
    return next(same, Speeds(condition=condition))


def remember(condition: Condition, architecture: str, image_size: int, milliseconds: float) -> None:
    """Keep a measured time, and its condition as the latest."""
    speeds = known(condition)
    speeds.milliseconds[_key(architecture, image_size)] = round(milliseconds, 3)
    others = [other for other in _read().measured if other.condition != condition]
    write_text(_path(), _File(measured=[speeds, *others][:_KEPT]).model_dump_json(indent=1))


def installed_torch() -> str:
    """torch's version, asked without importing it; empty when it is not installed."""
    try:
        return version("torch")
    except PackageNotFoundError:
        return ""


def _path() -> Path:
    return paths.cache_dir() / "speed.json"


def _key(architecture: str, image_size: int) -> str:
    return f"{architecture} {image_size}"


def _read() -> _File:
    """The file; a missing or damaged one is an empty one, since all of it can be measured again."""
    try:
        return _File.model_validate_json(_path().read_bytes())
    except (OSError, ValidationError):
        return _File()
