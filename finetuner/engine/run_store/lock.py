"""Who is training in a run folder. The operating system releases the lock, even after kill -9."""

import errno
import os
import socket
from contextlib import suppress
from pathlib import Path

import filelock

from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_text

_PATIENCE = 2.0
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


class RunLock:
    """Held by the one process that trains; anyone may ask whether it is held."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._owner = path.with_name("owner.txt")
        self._lock = filelock.FileLock(path, thread_local=False)

    def acquire(self) -> None:
        """Take the lock and put up one's name; once more is harmless. Raises FinetunerError naming what hinders."""
        try:
            if not self.take():
                raise FinetunerError(
                    f"The run {self._path.parent} is in use by {self.owner}.", "Wait for it, or stop it there first."
                )
            write_text(self._owner, f"process {os.getpid()} on {socket.gethostname()}")
        except OSError as error:
            raise FinetunerError(
                f"The run folder {self._path.parent} cannot be written: {error.strerror}.",
                "Copy it to a folder of yours, and go on there.",
            ) from error

    def take(self) -> bool:
        """Take the lock, outlasting somebody's short look; False when another keeps it. Raises OSError."""
        try:
            self._lock.acquire(timeout=_PATIENCE)
        except filelock.Timeout:
            return False
        return True

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        self._lock.release()

    def remove(self) -> None:
        """Give it back and leave no file.

        It is removed while it is held, or another could take it in between and a third one a new file of its name.
        Windows refuses that, and removes the file as it is given back.
        """
        with suppress(OSError):
            self._path.unlink()
        self._lock.release(force=True)

    @property
    def mine(self) -> bool:
        """Whether it is held through this object."""
        return self._lock.is_locked

    @property
    def owner(self) -> str:
        """The last holder, in words."""
        return self._owner.read_text("utf-8", "replace") if self._owner.is_file() else "another process"

    @property
    def held(self) -> bool:
        """Whether a living process trains here now. Where we may not write we cannot ask, and take it for no."""
        if not self._path.exists():
            return False
        look = filelock.FileLock(self._path, thread_local=False)
        try:
            look.acquire(timeout=0)
        except filelock.Timeout:
            return True
        except OSError as error:
            if error.errno not in _READ_ONLY:
                raise
            return False
        look.release()
        return False
