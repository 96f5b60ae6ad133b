"""What the child gives up, given up in forks of this process."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from finetuner.engine.backbones import confinement
from finetuner.engine.backbones.refusals import RefusedError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, and limits that only Linux has in full")


def in_fork(work: Callable[[], bool]) -> bool:
    """Whether the work, done in a process of its own, came out true."""
    child = os.fork()
    if child == 0:
        came_true = False
        try:
            came_true = work()
        finally:
            os._exit(0 if came_true else 1)
    return os.waitpid(child, 0)[1] == 0


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


@pytest.mark.parametrize("act", ACTS)
def test_behind_the_door_nothing_can_be_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    monkeypatch.chdir(tmp_path)

    def work() -> bool:
        confinement.shut_the_door()
        return refused(ACTS[act])

    assert in_fork(work)
    assert list(tmp_path.iterdir()) == []


def test_reading_goes_on(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"abc")

    def work() -> bool:
        confinement.shut_the_door()
        return (tmp_path / "weights").read_bytes() == b"abc" and bool(torch.ones(2).sum())

    assert in_fork(work)


def test_memory_is_bounded_by_the_file() -> None:
    def work() -> bool:
        confinement.limit_resources(0)
        torch.empty(2**20)
        try:
            torch.empty(2**28)
        except RuntimeError:
            return True
        return False

    assert in_fork(work)


def test_files_and_processes_are_bounded(tmp_path: Path) -> None:
    import resource

    def work() -> bool:
        confinement.limit_resources(2**20)
        kinds = ("RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_CORE", "RLIMIT_FSIZE")
        limits = [resource.getrlimit(getattr(resource, kind))[1] for kind in kinds]
        return limits == [64, 0, 0, 2 * 2**20 + confinement.SPARE_MEMORY]

    assert in_fork(work)


def test_the_child_ends_with_its_parent() -> None:
    """The grandchild holds the pipe open and would wait at it for ever; its parent ends at once."""
    reading, writing = os.pipe()
    parent = os.fork()
    if parent == 0:
        own = os.getpid()
        ready, told = os.pipe()
        if os.fork() == 0:
            confinement.die_with_parent(own)
            os.write(told, b"x")
            os.read(reading, 1)
        os.read(ready, 1)
        os._exit(0)
    os.close(writing)
    os.waitpid(parent, 0)
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_a_child_whose_parent_is_gone_does_not_begin() -> None:
    assert not in_fork(lambda: confinement.die_with_parent(1) is None and False)
