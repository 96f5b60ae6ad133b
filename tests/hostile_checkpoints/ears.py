"""What in a process looks like a program that was let loose: events held against an allow-list."""

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_TRUSTED = tuple({str(ROOT), sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_PROGRAM = (
    "exec", "compile", "import", "marshal", "pickle", "code.", "function.", "ctypes.dlopen", "subprocess",
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "urllib", "webbrowser", "pty",
    "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.startfile", "os.putenv", "os.kill",
)  # fmt: skip
_TORCHS_OWN = b"torch.classes.profiler._RecordFunction"  # evaluated by torch's own C++
_listening: list[tuple[list[str], tuple[str, ...]]] = []
_hooked: list[bool] = []


@contextmanager
def listening(events: list[str], writable: tuple[str, ...]) -> Iterator[None]:
    """Write down what is suspicious in this process; files below `writable` it may write."""
    if not _hooked:
        sys.addaudithook(_hear)
        _hooked.append(True)
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # it is the interpreter's, not a file's
    _listening.append((events, writable))
    try:
        yield
    finally:
        _listening.pop()
        sys.dont_write_bytecode = writes_bytecode


def stop_listening() -> None:
    """In a fork, which has ears of its own."""
    _listening.clear()


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _listening:
        events, writable = _listening[-1]
        if is_suspicious(event, arguments, writable):
            events.append(f"{event} {str(arguments)[:120]}")


def is_suspicious(event: str, arguments: tuple[Any, ...], writable: tuple[str, ...] = ()) -> bool:
    """Not so: this program's and its libraries' own code, and files in the folders it may write to."""
    match event:
        case "open":
            return _writes(arguments) and not str(arguments[0]).startswith((*writable, os.devnull))
        case "exec":
            return not _is_trusted(arguments[0].co_filename)
        case "compile" if arguments[0] == _TORCHS_OWN:
            return False
        case "compile" | "import":
            return bool(arguments[1]) and not _is_trusted(arguments[1])
        case "marshal.loads":
            return False  # how Python reads its own compiled modules; what they are is heard of as exec
    return event.startswith(_PROGRAM)


def _writes(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = arguments
    return bool(set(mode) & set("wax+")) if mode else bool(flags & _WRITING)


def _is_trusted(filename: object) -> bool:
    return str(filename).startswith((*_TRUSTED, "<frozen", "<__array_function__"))
