import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import filelock
import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store import lock as room
from finetuner.engine.run_store.lock import RunLock

HOLDER = """
import sys
from pathlib import Path
from finetuner.engine.run_store.lock import RunLock
lock = RunLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunLock]:
    monkeypatch.setattr(room, "_PATIENCE", 0.0)
    lock = RunLock(tmp_path / "lock")
    yield lock
    lock.release()


def test_it_is_held_from_acquire_to_release(lock: RunLock) -> None:
    assert not lock.held
    lock.acquire()
    assert lock.held
    lock.release()
    assert not lock.held


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_where_nothing_can_be_written_it_is_said(
    lock: RunLock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with pytest.raises(FinetunerError, match=f"{tmp_path} cannot be written: {os.strerror(number)}"):
        lock.acquire()


def test_asking_does_not_take_it(lock: RunLock) -> None:
    lock.acquire()
    lock.release()
    assert not lock.held
    assert not lock.held
    lock.acquire()


def test_releasing_what_is_not_held_is_harmless(lock: RunLock) -> None:
    lock.release()


def test_a_second_trainer_is_told_who_the_first_is(
    lock: RunLock, tmp_path: Path, holder: "subprocess.Popen[str]"
) -> None:
    assert lock.held
    with pytest.raises(FinetunerError, match=rf"{tmp_path} is in use by process {holder.pid} on "):
        lock.acquire()


def test_kill_9_gives_it_back(lock: RunLock, holder: "subprocess.Popen[str]") -> None:
    holder.kill()
    holder.wait()
    assert not lock.held
    lock.acquire()
    assert lock.held


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_one_that_may_not_be_written_is_not_held(
    lock: RunLock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    (tmp_path / "lock").touch()
    refuse_lock(monkeypatch, number)
    assert not lock.held


def test_a_disk_that_fails_is_not_taken_for_a_lock_that_is_free(
    lock: RunLock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lock").touch()
    refuse_lock(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        assert lock.held


def refuse_lock(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Rights bind no administrator, so the system's answer is given for it."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)


def test_two_locks_in_one_process_exclude_each_other(lock: RunLock, tmp_path: Path) -> None:
    lock.acquire()
    with pytest.raises(FinetunerError, match="in use by process"):
        RunLock(tmp_path / "lock").acquire()
