"""Runs requests in the engine's own child processes, which own torch and survive the window."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from finetuner.engine import paths
from finetuner.engine.events import Event, Failed, parse_event
from finetuner.engine.interpreter import command, search_path
from finetuner.engine.launchers.launcher import Task
from finetuner.engine.launchers.tasks import OUTLIVES_ITS_LISTENER
from finetuner.engine.requests import Request

END = "end"
ALONE: list["subprocess.Popen[bytes]"] = []  # kept, or Python would complain of each that is not waited for


class Child:
    """An engine process and the pipes to it."""

    def __init__(self) -> None:
        with _log() as log:
            self._process = subprocess.Popen(
                command("finetuner.engine.launchers.child"),
                env=os.environ | {"PYTHONPATH": search_path()},
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
        """Close the pipes to a child that goes on alone."""
        ALONE.append(self._process)
        self._close()

    def _close(self) -> None:
        with suppress(BrokenPipeError):  # what a dead child never read
            self._to.close()
        self._from.close()

    def kill(self) -> None:
        """End the process now; whoever reads from it hears of it."""
        self._process.kill()

    def join(self) -> None:
        """Close the pipes and wait until an idle child has ended."""
        self._close()
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
        self.outlives_its_listener = request.task in OUTLIVES_ITS_LISTENER
        self._left = threading.Event()
        self._child.send({"request": request.model_dump(mode="json")})

    def __iter__(self) -> Iterator[Event]:
        """The child's events. A walk that is given up stops the child and hears it out."""
        events = self._child.events()
        try:
            for event in events:  # noqa: UP028  `yield from` would close what is still to be heard out
                yield event
        finally:
            if self._left.is_set():
                self._child.leave()
            else:
                self.stop()
                for _ in events:
                    continue
            self._launcher.done_with(self, self._child)

    def stop(self) -> None:
        """Ask the child to close the engine's generator."""
        self._child.send({"stop": True})

    def leave(self) -> None:
        """Let the child go on alone; it says goodbye, and the walk ends."""
        self._left.set()
        self._child.send({"leave": True})

    def kill(self) -> None:
        """End the child now."""
        self._child.kill()

    @property
    def left(self) -> bool:
        """Whether the child goes on alone."""
        return self._left.is_set()


class ProcessLauncher:
    """Keeps one idle child warm; a request that finds none idle gets a new one."""

    def __init__(self) -> None:
        self._idle: list[Child] = []
        self._tasks: set[ProcessTask] = set()
        self._lock = threading.Lock()
        self._closed = False

    def warm(self) -> None:
        """Start a child now, so that torch is loaded when the first request comes."""
        self._keep(Child())

    def start(self, request: Request) -> Task:
        """Hand the request to a child."""
        task = ProcessTask(self, self._take(), request)
        with self._lock:
            self._tasks.add(task)
        return task

    def done_with(self, task: ProcessTask, child: Child) -> None:
        """A task has ended: its child is free again, unless it was left to go on alone."""
        with self._lock:
            self._tasks.discard(task)
        if not task.left:
            self._keep(child)

    def _keep(self, child: Child) -> None:
        """Keep one idle child, end the others."""
        with self._lock:
            keep = not self._closed and not self._idle and child.alive
            if keep:
                self._idle.append(child)
        if not keep:
            child.join()

    def close(self) -> None:
        """End the idle child, and any that is busy with less than training. One that trains ends when it is done."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = [task for task in self._tasks if not task.outlives_its_listener]
        for task in busy:
            task.kill()
        for child in idle:
            child.join()

    def _take(self) -> Child:
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            if child.alive:
                return child
            child.join()
        return Child()


def _log() -> IO[bytes]:
    folder = paths.data_dir() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return open(folder / "engine.log", "ab")
