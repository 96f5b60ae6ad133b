"""Whether this machine can write a format, told without importing what it needs: the window asks for all of them."""

from dataclasses import dataclass
from importlib.util import find_spec

from finetuner.engine.exporters import EXPORTERS


@dataclass(frozen=True)
class Lack:
    """What is missing, and what to do about it."""

    sentence: str
    next_step: str

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}"


def lack(name: str) -> Lack | None:
    """What this machine lacks for a format of EXPORTERS; None where it can be written."""
    missing = [package for package in EXPORTERS[name].packages if find_spec(package) is None]
    if not missing:
        return None
    return Lack(f"The package {missing[0]} is not installed.", f"Install it: pip install {' '.join(missing)}")
