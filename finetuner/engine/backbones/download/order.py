"""An order to the child that talks to the network. Ending the order ends the child, whatever it waits for."""

import json
import os
import subprocess
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from typing import Any

from finetuner.engine.backbones.download.trouble import TroubleError
from finetuner.engine.events import Event
from finetuner.engine.interpreter import command, search_path

Answer = dict[str, Any]
# how often progress is told; a stop is heard as often
SECONDS = 0.1
# the client would ask the hub for a list of programs to report among
_QUIET = {"HF_HUB_DISABLE_TELEMETRY": "1"}


class Order:
    """A child at work. `answer` is None until it has one."""

    def __init__(self, question: Mapping[str, Any]) -> None:
        self._process = subprocess.Popen(
            command("finetuner.engine.backbones.download.child", json.dumps(question)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _QUIET | {"PYTHONPATH": search_path()},
        )

    def answer(self, seconds: float) -> Answer | None:
        """The answer, if it comes within so many seconds."""
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        assert self._process.stdout
        said = self._process.stdout.read()
        ended: Answer = {"trouble": f"the process that downloads ended with status {status}", "status": 0}
        return json.loads(said) if said else ended

    def close(self) -> None:
        """End the child at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()


def ordered(question: Mapping[str, Any], progress: Callable[[], Event]) -> Generator[Event, None, Answer]:
    """Ask, and wait for the answer, telling of progress meanwhile. Raises TroubleError, and what `progress` raises."""
    with closing(Order(question)) as order:
        while (answer := order.answer(SECONDS)) is None:
            yield progress()
    if "trouble" in answer:
        raise TroubleError(answer["trouble"], answer["status"])
    return answer
