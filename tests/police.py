"""The leftovers police: after a test no thread, timer, window or process of its own remains, no file, no connection.

Files and sockets are watched by an audit hook, which sees every Python-level `open` and `connect` in the process;
timers and threads of Qt by remembering whoever was started. Nothing here imports Qt, torch or psutil needlessly.
"""

import gc
import ipaddress
import os
import sys
import tempfile
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

GRACE = 60.0  # seconds in which something that is already ending may end: with a tenth of a processor, too
HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")

_offences: list[str] = []
_started_timers: "weakref.WeakSet[Any]" = weakref.WeakSet()
_started_threads: "weakref.WeakSet[Any]" = weakref.WeakSet()
_playgrounds = tuple({os.path.realpath(tempfile.gettempdir()), tempfile.gettempdir(), "/dev", "/proc"})


class Patrol:
    """What was there before the test, and what is there too many after it."""

    def __init__(self) -> None:
        self.threads = set(threading.enumerate())
        self.processes = set(_children())
        self.windows = {_address(window) for window in _windows()}
        _offences.clear()

    def report(self) -> None:
        """Fail the test that left something behind."""
        found = [*_offences, *self._threads_left(), *self._processes_left(), *_qt_left(self.windows)]
        _offences.clear()
        if found:
            pytest.fail("left behind: " + "; ".join(found), pytrace=False)

    def _threads_left(self) -> list[str]:
        # a dummy stands for a thread that Qt made, and stays when it has ended; Qt's own are looked for elsewhere
        fresh = [thread for thread in threading.enumerate() if thread not in self.threads and not _is_dummy(thread)]
        for thread in fresh:
            thread.join(GRACE)
        return [f"thread {thread.name}" for thread in fresh if thread.is_alive()]

    def _processes_left(self) -> list[str]:
        fresh = [child for child in _children() if child not in self.processes]
        _gone, alive = psutil.wait_procs(fresh, timeout=GRACE) if fresh else ([], [])
        return [f"process {child.pid}" for child in alive]


def _is_dummy(thread: threading.Thread) -> bool:
    return isinstance(thread, threading._DummyThread)


def _children() -> list[psutil.Process]:
    return [child for child in _processes() if not _is_helper(child)]


def _processes() -> list[psutil.Process]:
    """The children of this process. Linux lists them, for a thirtieth of what psutil's look at every process costs."""
    try:
        listed = [task.read_text() for task in Path("/proc/self/task").glob("*/children")]
    except OSError:  # a thread has just ended
        return psutil.Process().children()
    return _still_there(" ".join(listed).split()) if listed else psutil.Process().children()


def _still_there(numbers: list[str]) -> list[psutil.Process]:
    there = []
    for number in numbers:
        with suppress(psutil.NoSuchProcess):
            there.append(psutil.Process(int(number)))
    return there


def _is_helper(process: psutil.Process) -> bool:
    try:
        command = " ".join(process.cmdline())
    except psutil.Error:
        return False
    return any(helper in command for helper in HELPERS)


def _windows() -> list[Any]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets.QApplication.topLevelWidgets() if widgets and widgets.QApplication.instance() else []


def _qt_left(known_windows: set[int]) -> list[str]:
    core = sys.modules.get("PySide6.QtCore")
    if not core or not core.QCoreApplication.instance():
        return []
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    if len(_windows()) > len(known_windows):
        gc.collect()
    return [*_running_threads(), *_active_timers(), *_new_windows(known_windows)]


def _running_threads() -> list[str]:
    alive = [thread for thread in _started_threads if _exists(thread) and not thread.wait(int(GRACE * 1000))]
    return [f"running QThread {thread}" for thread in alive]


def _active_timers() -> list[str]:
    active = [timer for timer in _started_timers if _exists(timer) and timer.isActive()]
    return [f"active QTimer of {timer.parent()}" for timer in active]


def _new_windows(known: set[int]) -> list[str]:
    return [f"window {window}" for window in _windows() if _address(window) not in known]


def _address(thing: Any) -> int:
    return int(sys.modules["shiboken6"].getCppPointer(thing)[0])


def _exists(thing: Any) -> bool:
    return bool(sys.modules["shiboken6"].isValid(thing))


def watch_qt() -> None:
    """Remember every QTimer and QThread that is started from now on."""
    from PySide6.QtCore import QThread, QTimer

    _remember(QTimer, _started_timers)
    _remember(QThread, _started_threads)


def _remember(kind: Any, started: "weakref.WeakSet[Any]") -> None:
    plain = kind.start
    if hasattr(plain, "is_watched"):
        return

    def start(self: Any, *arguments: Any) -> None:
        started.add(self)
        plain(self, *arguments)

    start.is_watched = True  # type: ignore[attr-defined]
    kind.start = start


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, mode, flags = arguments
        if _is_writing(mode, flags) and not _may_write(path):
            _offences.append(f"file {path!r}, outside the temporary folder")
    elif event == "socket.connect" and not _is_loopback(arguments[1]):
        _offences.append(f"connection to {arguments[1]}")
        raise ConnectionRefusedError(f"tests open no connection ({arguments[1]})")


def _is_writing(mode: str | None, flags: int) -> bool:
    return any(letter in mode for letter in "wax+") if mode else bool(flags & (os.O_WRONLY | os.O_RDWR))


def _may_write(path: Any) -> bool:
    if isinstance(path, int) or path is None:
        return True
    place = os.path.abspath(os.fsdecode(path))
    return place.startswith(_playgrounds) or "__pycache__" in Path(place).parts


def _is_loopback(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    try:
        return address[0] == "localhost" or ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return False


sys.addaudithook(_watch)
