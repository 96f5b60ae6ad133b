"""What the limited child gives up before it opens a stranger's file.

Linux: memory, processor time, file size, open files, processes; it dies with its parent. macOS: the same but memory,
which its kernel does not bound, and the parent's death. Windows has no such limits that a process could set itself:
there the checks before the file is read and the parent's clock must do. The audit door is shut everywhere: it is a
second line behind `weights_only`, not a sandbox, since code that is no Python passes it by.
"""

import ctypes
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

from finetuner.engine.backbones.refusals import RefusedError

SPARE_MEMORY = 200 * 2**20
_SECONDS, _BYTES_A_SECOND = 20, 50 * 2**20
_OPEN_FILES = 64
_PR_SET_PDEATHSIG = 1
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_SHUT = re.compile(
    r"import$|exec$|compile$|marshal\.|code\.__new__|function\.__new__|pickle\.|ctypes\.(dlopen|dlsym|call_function)"
    r"|socket\.|subprocess\.|os\.(?!listdir|scandir|walk|fwalk|getxattr|listxattr)|pty\.|shutil\.|tempfile\.|signal\."
    r"|(urllib|ftplib|http|imaplib|nntplib|poplib|smtplib|telnetlib|webbrowser|winreg|msvcrt|syslog|sqlite3|resource)\."
    r"|gc\.get_|sys\.(addaudithook|setprofile|settrace|_current)|cpython\.run|code\.interact|_winapi\."
)


def limit_resources(size: int, memory: int | None = None) -> None:
    """Bound what this process may use to open a file of `size` bytes, counted from what it uses now.

    `memory`: how many bytes more; twice the file and SPARE_MEMORY, where not said.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + _SECONDS + size // _BYTES_A_SECOND
    _lower(resource.RLIMIT_CPU, seconds)
    _lower(resource.RLIMIT_FSIZE, 2 * size + SPARE_MEMORY)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _lower(resource.RLIMIT_NPROC, 0)
    _lower(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        in_use = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        _lower(resource.RLIMIT_AS, in_use + (2 * size + SPARE_MEMORY if memory is None else memory))


def _lower(kind: int, limit: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    lowered = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (lowered, lowered))


def die_with_parent(parent: int) -> None:
    """Be killed when the process `parent` ends (Linux), also when it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def shut_the_door() -> None:
    """From here on this process imports, compiles, starts, connects to, changes and writes nothing, for good."""
    sys.addaudithook(refuse)


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """The door: raise RefusedError for an event that reading a state dict does not need."""
    if _SHUT.match(event) or (event == "open" and _writes(*arguments)):
        raise RefusedError("code", event)


def _writes(_: object, mode: str | None, flags: int) -> bool:
    return bool(set(mode) & set("wax+")) if mode else bool(flags & _WRITING)
