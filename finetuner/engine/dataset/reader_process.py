"""A reader: a process that looks at files for `readers`. One line of JSON asks, one line answers.

Nothing here needs torch or pydantic, so that it starts in a tenth of a second. What crosses the pipe is text, never
pickle: an image that should take a decoder over could answer nonsense, but not have anything run elsewhere.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import IO, Any

from finetuner.engine.dataset.check import Finding, check, glance

READY = "ready"
TASKS: dict[str, Callable[[Sequence[str]], list[Finding]]] = {"glance": glance, "check": check}


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer until the pipe ends: `[task, [path, ...]]` gives a finding for each path."""
    _send(sink, READY)
    for line in source:
        task, paths = json.loads(line)
        _send(sink, TASKS[task](paths))


def _send(sink: IO[bytes], message: Any) -> None:
    sink.write(json.dumps(message).encode("ascii") + b"\n")
    sink.flush()


def main() -> None:
    """Keep the pipe for answers alone, leave Ctrl+C to whoever asks, end with them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    if sys.stderr is not None:  # as it may be where no terminal is
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(sys.stdin.buffer, sink)
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more; closing the pipe would only complain


if __name__ == "__main__":
    main()
