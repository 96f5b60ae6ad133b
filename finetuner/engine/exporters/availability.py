"""Whether this machine can write a format, told without importing what it needs: the window asks for all of them."""

import importlib
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
    """What this machine lacks for a format of EXPORTERS; None where it can be written.

    The kind of machine before the packages: to install them would not help on another kind.
    """
    entry = EXPORTERS[name]
    return _machine_lacks(entry.machine) or _packages_lack(entry.packages)


def _machine_lacks(check: str) -> Lack | None:
    if not check:
        return None
    module, _, function = check.partition(":")
    found: Lack | None = getattr(importlib.import_module(module), function)()
    return found


def _packages_lack(packages: tuple[str, ...]) -> Lack | None:
    missing = [package for package in packages if find_spec(package) is None]
    if not missing:
        return None
    return Lack(f"The package {missing[0]} is not installed.", f"Install it: pip install {' '.join(missing)}")
