"""The engine's process: reads requests from stdin, writes events to stdout, one JSON document a line.

When the window goes away, the pipes break: a training run goes on to its end, anything else stops.
"""

import json
import os
import queue
import sys
import threading
from functools import partial
from typing import IO, Any

import psutil

os.environ.setdefault("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "1")

from finetuner.engine.launchers.tasks import OUTLIVES_ITS_LISTENER, told
from finetuner.engine.requests import Request, parse_request

_END = json.dumps({"kind": "end"})
_NEEDS_NO_TORCH = ("scan", "catalogue", "download")


class Child:
    """One request at a time; `stop` and the end of the pipe are heard between two events."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source, self._sink = source, sink
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._alone = threading.Event()
        self._sending = threading.Lock()
        self._warm_up = threading.Thread(target=_warm_up, daemon=True, name="warm-up")

    def serve(self) -> None:
        """Answer requests until the pipe ends."""
        threading.Thread(target=self._listen, daemon=True, name="listener").start()
        self._warm_up.start()
        while (request := self._requests.get()) is not None:
            self._answer(request)

    def _answer(self, request: Request) -> None:
        if request.task not in _NEEDS_NO_TORCH:
            self._warm_up.join()  # two threads importing torchvision at once deadlock
        for event in told(request, partial(self._is_unwanted, request)):
            self._send(event.to_json())
        self._stop.clear()
        self._send(_END)

    def _is_unwanted(self, request: Request) -> bool:
        return self._stop.is_set() or (self._alone.is_set() and request.task not in OUTLIVES_ITS_LISTENER)

    def _send(self, line: str) -> None:
        with self._sending:
            if self._alone.is_set():
                return
            try:
                self._sink.write(line.encode("ascii") + b"\n")
                self._sink.flush()
            except BrokenPipeError:
                self._alone.set()

    def _listen(self) -> None:
        for line in self._source:
            message: dict[str, Any] = json.loads(line)
            if message.get("stop"):
                self._stop.set()
            elif message.get("leave"):
                self._send(_END)
                self._alone.set()
            else:
                self._stop.clear()
                self._requests.put(parse_request(json.dumps(message["request"])))
        self._alone.set()
        self._requests.put(None)


def _warm_up() -> None:
    """Load what takes seconds while the user still looks at the first page."""
    import timm
    import torch
    import torchvision  # noqa: F401

    assert timm
    assert torch


def main() -> None:
    """Give way to the window; keep the pipe for events alone: whatever libraries print goes to the log."""
    psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 5)
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    Child(sys.stdin.buffer, sink).serve()


if __name__ == "__main__":
    main()
