"""Opens hostile files and watches: did anything run, in this process or in the limited child?

Three witnesses. A *canary* file, which every payload would create. An *audit hook* in this process, which holds each
event against an allow-list. And one in the child, put up behind the door that the child shuts: what it hears has passed
the door. The child is a fork of this process that runs the child's own `main`, with its limits, its environment and its
output; starting Python and torch anew for each of some thousand openings would take hours.
"""

import os
import select
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import timm

from finetuner.engine.backbones import confinement, foreign, unpickle
from finetuner.engine.errors import FinetunerError
from tests.hostile_checkpoints.case import Case, fixed
from tests.hostile_checkpoints.tensors import saved
from tests.hostile_checkpoints.ways import run_ways, ways

ROOT = Path(__file__).resolve().parents[2]
_TRUSTED = tuple({str(ROOT), sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_PROGRAM = (
    "exec", "compile", "import", "marshal", "pickle", "code.", "function.", "ctypes.dlopen", "subprocess",
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "urllib", "webbrowser", "pty",
    "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.startfile", "os.putenv", "os.kill",
)  # fmt: skip


@dataclass
class Outcome:
    """What became of one file by one way. `verdict`: refused, loaded, or the name of an exception nobody expected."""

    case: Case
    way: str
    verdict: str
    told: str
    events: list[str] = field(default_factory=list)
    canary: bool = False
    seconds: float = 0.0
    peak_mb: float = 0.0

    @property
    def executed(self) -> bool:
        """Whether anything of the file's ran."""
        return self.canary or bool(self.events)


class Harness:
    """Opens cases by any way. `writable`: where the program itself may write while it does."""

    def __init__(self, folder: Path, *writable: Path) -> None:
        self.folder, self.canaries = folder / "files", folder / "canaries"
        self.files: dict[tuple[str, str], Path] = {}
        self._writable = tuple(str(path) for path in (folder, *writable))
        self._peak = 0
        for place in (self.folder, self.canaries):
            place.mkdir(parents=True)

    def open(self, case: Case, way: str, opening: Callable[[Path], object]) -> Outcome:
        """Open one file by one way."""
        path = self._path(case)
        outcome, started = Outcome(case, way, "", ""), time.monotonic()
        self._peak = 0
        with watching(outcome.events, self._writable), self._forking(outcome.events):
            outcome.verdict, outcome.told = _verdict(opening, path)
        outcome.seconds, outcome.peak_mb = time.monotonic() - started, self._peak / 1024
        outcome.canary = any(self.canaries.iterdir())
        self.sweep()
        return outcome

    def _path(self, case: Case) -> Path:
        """Written once; a run folder is altered by what is done with it, so it is made anew."""
        key = case.kind, case.name
        if case.kind == "run" and key in self.files:
            shutil.rmtree(self.files.pop(key))
        if key not in self.files:
            self.files[key] = case.written(self.folder, self.canaries)
        return self.files[key]

    def sweep(self) -> None:
        """Remove canaries, so that the next file is not blamed for them."""
        shutil.rmtree(self.canaries)
        self.canaries.mkdir()

    @contextmanager
    def _forking(self, events: list[str]) -> Iterator[None]:
        """The limited child as a fork; what passed its door is added to `events`."""

        def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float, **_: Any) -> Any:
            status, output, heard, peak = _fork(lambda: _be_the_child(command[-3:], cwd, env), timeout)
            events.extend(heard)
            self._peak = max(self._peak, peak)
            return subprocess.CompletedProcess(command, status, output, b"")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(foreign.subprocess, "run", run)
            yield


def rehearsed(harness: Harness, run: Path) -> None:
    """Open something honest in every way, so that what the program itself imports is not put down to a file."""
    honest = Case("honest", "weights", ".pth", fixed(saved(timm.create_model("test_resnet").state_dict())))
    for way, opening in ways(run).items():
        harness.open(honest, way, opening)
    for way, opening in run_ways().items():
        harness.open(Case("run", "honest", "", lambda path, _: shutil.copytree(run, path)), way, opening)


def _verdict(opening: Callable[[Path], object], path: Path) -> tuple[str, str]:
    try:
        opening(path)
    except FinetunerError as error:
        return "refused", str(error)
    except Exception as error:  # noqa: BLE001  whatever else it is, it is what the table must show
        return type(error).__name__, str(error)
    return "loaded", ""


_active: list[tuple[list[str], tuple[str, ...]]] = []


@contextmanager
def watching(events: list[str], writable: tuple[str, ...]) -> Iterator[None]:
    """Hear of everything in this process that looks like a program, and write it down."""
    if not _hooked:
        sys.addaudithook(_hear)
        _hooked.append(True)
    _active.append((events, writable))
    try:
        yield
    finally:
        _active.pop()


_hooked: list[bool] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _active:
        events, writable = _active[-1]
        if _is_suspicious(event, arguments, writable):
            events.append(f"{event} {str(arguments)[:120]}")


def _is_suspicious(event: str, arguments: tuple[Any, ...], writable: tuple[str, ...]) -> bool:
    """Not so: this program's and its libraries' own code, and files in the folders it may write to."""
    match event:
        case "open":
            place, mode, flags = arguments
            writes = bool(set(mode) & set("wax+")) if mode else bool(flags & _WRITING)
            return writes and not str(place).startswith((*writable, "/dev/null"))
        case "exec":
            return not _is_trusted(arguments[0].co_filename)
        case "compile":
            return not _is_trusted(arguments[1])
        case "import":
            return bool(arguments[1]) and not _is_trusted(arguments[1])
        case "marshal.loads":
            return False  # how Python reads its own compiled modules; what they are is heard of as exec
        case "pickle.find_class":
            return True
    return event.startswith(_PROGRAM)


def _is_trusted(filename: object) -> bool:
    return str(filename).startswith((*_TRUSTED, "<frozen", "<__array_function__"))


def _be_the_child(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> int:
    """What the limited child does from its first line on."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["unpickle", *arguments]
    return unpickle.main()


def _fork(work: Callable[[], int], timeout: float) -> tuple[int, bytes, list[str], int]:
    """Exit status, output, what was heard behind the door, and peak memory in KiB of a fork that works."""
    (out, out_end), (ear, ear_end) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        _in_the_fork(work, out_end, ear_end)
    os.close(out_end)
    os.close(ear_end)
    try:
        output, heard = _both(out, ear, timeout)
    except TimeoutError:
        os.kill(child, 9)
        output, heard = b"", b""
    finally:
        os.close(out)
        os.close(ear)
    _, status, usage = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), output, heard.decode().splitlines(), usage.ru_maxrss


def _in_the_fork(work: Callable[[], int], output: int, ear: int) -> None:
    status = 70
    try:
        os.dup2(output, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stdout = os.fdopen(1, "w", closefd=False)
        _active.clear()
        unpickle.shut_the_door = lambda: _shut_and_listen(ear)
        status = work()
        sys.stdout.flush()
    finally:
        os._exit(status)


def _shut_and_listen(ear: int) -> None:
    """Behind the door stands one more listener: what it hears has been let through."""
    confinement.shut_the_door()
    confinement._SHUT = confinement.re.compile(confinement._SHUT.pattern.replace("sys\\.(addaudithook|", "sys\\.("))
    sys.addaudithook(lambda event, arguments: _whisper(ear, event, arguments))


def _whisper(ear: int, event: str, arguments: tuple[Any, ...]) -> None:
    if _is_suspicious(event, arguments, ()):
        os.write(ear, f"child: {event} {str(arguments)[:120]}\n".encode())


def _both(first: int, second: int, timeout: float) -> tuple[bytes, bytes]:
    """Everything from two pipes until both are closed."""
    found: dict[int, bytes] = {first: b"", second: b""}
    waiting, end = {first, second}, time.monotonic() + timeout
    while waiting:
        ready, _, _ = select.select(list(waiting), [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise TimeoutError
        for pipe in ready:
            part = os.read(pipe, 65536)
            found[pipe] += part
            waiting -= set() if part else {pipe}
    return found[first], found[second]
