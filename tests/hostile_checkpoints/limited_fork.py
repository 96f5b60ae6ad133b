"""The limited child as a fork of this process: its own `main`, limits, environment and output, without the start of
Python and torch, which takes seconds. Stands in for `subprocess.run` where `limited_child` starts it.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from finetuner.engine.backbones import confinement, limited_child, unpickle
from tests.hostile_checkpoints.ears import is_suspicious, stop_listening


@dataclass
class Overheard:
    """What passed the door of the children, and the most memory that one of them had, in MB."""

    events: list[str] = field(default_factory=list)
    peak_mb: float = 0.0


@contextmanager
def forking() -> Iterator[Overheard]:
    """Inside, limited children are forks."""
    overheard = Overheard()

    def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float, **_: Any) -> Any:
        status, output = _forked(lambda: _be_the_child(command[-3:], cwd, env), timeout, overheard)
        return subprocess.CompletedProcess(command, status, output, b"")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limited_child.subprocess, "run", run)
        yield overheard


def _be_the_child(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> int:
    """What the limited child does from its first line on."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["unpickle", *arguments]
    return unpickle.main()


def _forked(work: Callable[[], int], timeout: float, overheard: Overheard) -> tuple[int, bytes]:
    """Exit status and output of a fork that works."""
    (out, out_end), (ear, ear_end) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        _in_the_fork(work, out_end, ear_end)
    for end in (out_end, ear_end):
        os.close(end)
    found = _all_of({out: b"", ear: b""}, time.monotonic() + timeout)
    if found is None:
        os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    output, heard = (found[out], found[ear]) if found else (b"", b"")
    overheard.events.extend(heard.decode().splitlines())
    overheard.peak_mb = max(overheard.peak_mb, usage.ru_maxrss / 1024)
    return os.waitstatus_to_exitcode(status), output


def _in_the_fork(work: Callable[[], int], output: int, ear: int) -> None:
    status = 70
    try:
        os.dup2(output, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stdout = os.fdopen(1, "w", closefd=False)
        stop_listening()
        unpickle.shut_the_door = lambda: sys.addaudithook(_door_with_an_ear(ear))
        status = work()
        sys.stdout.flush()
    finally:
        os._exit(status)


def _door_with_an_ear(ear: int) -> Callable[[str, tuple[Any, ...]], None]:
    """The child's own door; what it lets through and is suspicious is whispered into the pipe."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        confinement.refuse(event, arguments)
        if is_suspicious(event, arguments):
            os.write(ear, f"child: {event} {str(arguments)[:120]}\n".encode())

    return hook


def _all_of(pipes: dict[int, bytes], end: float) -> dict[int, bytes] | None:
    """Everything from pipes until all are closed; None when that takes too long."""
    waiting = set(pipes)
    while waiting:
        ready, _, _ = select.select(list(waiting), [], [], max(0.0, end - time.monotonic()))
        for pipe in ready:
            part = os.read(pipe, 65536)
            pipes[pipe] += part
            waiting -= set() if part else {pipe}
        if not ready:
            break
    for pipe in pipes:
        os.close(pipe)
    return None if waiting else pipes
