"""Processes that look at many files at once: Python's lock lets threads do little with small ones.

Each asks and answers in turn; see `reader_process` for the other end. A reader may die over a file, since decoders
are written in C and files come from strangers: the files it had are then looked at one by one, and only the one
that is fatal alone is set aside.
"""

import json
import os
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress

from finetuner.engine.dataset.check import Facts, Finding
from finetuner.engine.dataset.reader_process import READY
from finetuner.engine.errors import FinetunerError
from finetuner.engine.interpreter import command, search_path

FATAL = "damaged: the process that decoded it ended unexpectedly"


class ReaderDiedError(Exception):
    """The process ended, or answered nonsense, before it had answered."""


class Readers:
    """As many processes as are asked at the same time, started when needed. `close`, or leave the `with` block."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Reader] = []
        self._all: list[_Reader] = []
        self._closed = False

    def __enter__(self) -> "Readers":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes and tidy up. No other thread may be asking any more; `kill` sees to that."""
        self.kill()
        for reader in self._all:
            reader.join()

    def ask(self, task: str, paths: Sequence[str]) -> list[Finding]:
        """A finding for each path, from any thread. Raises FinetunerError when no process can be started."""
        try:
            return self._asked(task, paths)
        except ReaderDiedError:
            return [self._alone(task, path) for path in paths]

    def kill(self) -> None:
        """End all processes now; whoever waits for an answer gets ReaderDiedError."""
        with self._lock:
            self._closed = True
            for reader in self._all:
                reader.kill()

    def _alone(self, task: str, path: str) -> Finding:
        try:
            return self._asked(task, [path])[0]
        except ReaderDiedError:
            if self._closed:
                raise
            return FATAL

    def _asked(self, task: str, paths: Sequence[str]) -> list[Finding]:
        reader = self._taken()
        try:
            findings = reader.ask(task, paths)
        except ReaderDiedError:
            self._bury(reader)
            if not reader.began and not self._closed:
                raise _no_readers(f"exit status {reader.status}") from None
            raise
        with self._lock:
            self._idle.append(reader)
        return findings

    def _taken(self) -> "_Reader":
        with self._lock:
            if self._closed:
                raise ReaderDiedError
            if self._idle:
                return self._idle.pop()
            try:
                self._all.append(_Reader())
            except OSError as error:
                raise _no_readers(str(error.strerror)) from error
            return self._all[-1]

    def _bury(self, reader: "_Reader") -> None:
        with self._lock:
            if not self._closed:  # else `close` does
                self._all.remove(reader)
                reader.kill()
                reader.join()


class _Reader:
    """One process and the pipes to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            command("finetuner.engine.dataset.reader_process"),
            env=os.environ | {"PYTHONPATH": search_path()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._from = self._process.stdin, self._process.stdout
        self.began = False

    @property
    def status(self) -> int | None:
        """The exit status, once it has ended."""
        return self._process.returncode

    def ask(self, task: str, paths: Sequence[str]) -> list[Finding]:
        """Raises ReaderDiedError."""
        try:
            self.began = self.began or json.loads(self._from.readline()) == READY
            self._to.write(json.dumps([task, paths]).encode("ascii") + b"\n")
            self._to.flush()
            findings = [_finding(answer) for answer in json.loads(self._from.readline())]
        except (OSError, ValueError, TypeError) as error:
            raise ReaderDiedError from error
        if len(findings) != len(paths):
            raise ReaderDiedError
        return findings

    def kill(self) -> None:
        """End it now; `join` tidies up."""
        self._process.kill()

    def join(self) -> None:
        """Wait for its end and close the pipes."""
        self._process.wait()
        with suppress(OSError):  # what it never read
            self._to.close()
        self._from.close()


def _no_readers(why: str) -> FinetunerError:
    return FinetunerError(
        f"The process that reads images cannot be started ({why}).",
        "Close other programs if memory is short, and try again.",
    )


def _finding(answer: str | list[object]) -> Finding:
    if isinstance(answer, str):
        return answer
    width, height, format, content, look, remarks = answer
    return Facts(width, height, format, content, look, tuple(remarks))  # type: ignore[arg-type]
