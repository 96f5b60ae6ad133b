"""Runs requests in the engine's own child processes, which own torch and survive the window."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO

from finetuner.engine import paths
from finetuner.engine.events import Event, Failed, parse_event
from finetuner.engine.launchers.launcher import Task
from finetuner.engine.requests import Request

END = "end"


class Child:
    """An engine process and the pipes to it."""

    def __init__(self) -> None:
        with _log() as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "finetuner.engine.launchers.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._from = self._process.stdin, self._process.stdout
        self._writing = threading.Lock()

    def send(self, message: dict[str, object]) -> None:
        """One message to the child; one that is gone hears nothing, and its reader finds out."""
        with self._writing:
            try:
                self._to.write(json.dumps(message).encode("ascii") + b"\n")
                self._to.flush()
            except (BrokenPipeError, ValueError):
                return

    def events(self) -> Iterator[Event]:
        """What the child tells of the request it was sent; `Failed` when it dies over it."""
        for line in self._from:
            if json.loads(line)["kind"] == END:
                return
            yield parse_event(line)
        yield self._obituary()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def leave(self) -> None:
        """Close the pipes: an idle child ends, a training one goes on alone."""
        self._to.close()
        self._from.close()

    def join(self) -> None:
        """Close the pipes and wait until an idle child has ended."""
        self.leave()
        self._process.wait()

    def _obituary(self) -> Failed:
        status = self._process.wait()
        killed = -status == signal.SIGKILL if os.name != "nt" else False
        why = "it was killed, most likely because memory ran out" if killed else f"exit status {status}"
        return Failed(
            sentence=f"The engine's process ended unexpectedly ({why}).",
            next_step="Try again with a smaller batch or image size; an interrupted run can be resumed.",
            details=f"See {paths.data_dir() / 'logs' / 'engine.log'}",
        )


class ProcessTask:
    """A request in a child."""

    def __init__(self, launcher: "ProcessLauncher", child: Child, request: Request) -> None:
        self._launcher, self._child = launcher, child
        self._child.send({"request": request.model_dump(mode="json")})

    def __iter__(self) -> Iterator[Event]:
        """The child's events. A walk that is given up stops the child and hears it out."""
        events = self._child.events()
        try:
            yield from events
        finally:
            self.stop()
            for _ in events:
                continue
            self._launcher.take_back(self._child)

    def stop(self) -> None:
        """Ask the child to close the engine's generator."""
        self._child.send({"stop": True})


class ProcessLauncher:
    """Keeps one idle child warm; a request that finds none idle gets a new one."""

    def __init__(self) -> None:
        self._idle: list[Child] = []
        self._lock = threading.Lock()
        self._closed = False

    def warm(self) -> None:
        """Start a child now, so that torch is loaded when the first request comes."""
        self.take_back(Child())

    def start(self, request: Request) -> Task:
        """Hand the request to a child."""
        return ProcessTask(self, self._take(), request)

    def take_back(self, child: Child) -> None:
        """A child is free again: keep one, end the others."""
        with self._lock:
            keep = not self._closed and not self._idle and child.alive
            if keep:
                self._idle.append(child)
        if not keep:
            child.join()

    def close(self) -> None:
        """End the idle child. One that trains ends when it is done, whoever listens."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.join()

    def _take(self) -> Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    return child
        return Child()


def _log() -> IO[bytes]:
    folder = paths.data_dir() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return open(folder / "engine.log", "ab")
