"""What the limited child gives up, given up here: `python -m tests.engine.backbones.given_up NAME` ends with 0 if so.

A process of its own for each, since a fork of one that has threads may stand still for ever.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from finetuner.engine.backbones import confinement
from finetuner.engine.backbones.refusals import RefusedError


def refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except RefusedError:
        return True
    return False


ACTS: dict[str, Callable[[], object]] = {
    "start a program": lambda: os.system("true"),
    "start another": lambda: subprocess.run(["true"], check=False),
    "connect": lambda: socket.create_connection(("127.0.0.1", 9)),
    "evaluate": lambda: compile("1", "weights", "eval"),
    "import": lambda: __import__("antigravity"),
    "write": lambda: Path("written").write_bytes(b"x"),
    "open for writing": lambda: os.open("written", os.O_CREAT | os.O_WRONLY),
    "remove": lambda: os.remove("nothing"),
    "rename": lambda: os.rename("nothing", "else"),
    "make a folder": lambda: os.mkdir("made"),
    "fork": os.fork,
    "load a library": lambda: __import__("ctypes").CDLL(None),
}


def door(name: str) -> bool:
    """Behind the door this cannot be done."""
    import ctypes  # noqa: F401 - found behind the door, where nothing is imported

    confinement.shut_the_door()
    return refused(ACTS[name])


def reading() -> bool:
    """Reading and computing go on."""
    import torch

    confinement.shut_the_door()
    return Path("weights").read_bytes() == b"abc" and bool(torch.ones(2).sum())


def memory() -> bool:
    """Memory is bounded."""
    import torch

    confinement.limit_resources(0)
    torch.empty(2**20)
    try:
        torch.empty(2**28)
    except RuntimeError:
        return True
    return False


def more_memory() -> bool:
    """It is bounded by what was said."""
    import torch

    confinement.limit_resources(0, 2**31)
    torch.empty(2**28)
    try:
        torch.empty(2**30)
    except RuntimeError:
        return True
    return False


def others() -> bool:
    """Open files, processes, core dumps and the size of files are bounded."""
    import resource

    confinement.limit_resources(2**20)
    kinds = ("RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_CORE", "RLIMIT_FSIZE")
    limits = [resource.getrlimit(getattr(resource, kind))[1] for kind in kinds]
    return limits == [64, 0, 0, 2 * 2**20 + confinement.SPARE_MEMORY]


def orphan() -> bool:
    """Without its parent it does not begin."""
    confinement.die_with_parent(1)
    return True


WORKS = {"reading": reading, "memory": memory, "more memory": more_memory, "others": others, "orphan": orphan}

if __name__ == "__main__":
    wanted = sys.argv[1]
    os._exit(0 if (door(wanted) if wanted in ACTS else WORKS[wanted]()) else 1)
