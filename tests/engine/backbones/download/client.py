"""The hub's client in this process or in a fork of it, in a hurry: for faults by the hundred.

A child of its own imports the client anew for each question, which takes longer than any of these downloads.
"""

import json
import os
import select
import signal
import types
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import huggingface_hub.file_download
import huggingface_hub.utils._http
import tqdm
from huggingface_hub import constants

from finetuner.engine.backbones.download import child, order
from tests.engine.backbones.download.loopback import Loopback

# a stall is waited out six times; an honest answer must be quick enough on a busy machine, too
STALLED, ASKED = 0.2, 2.0
_STILL = types.SimpleNamespace(sleep=lambda seconds: None, time=lambda: 0.0)


class Here:
    """An order answered in this process, at once. It cannot be ended."""

    def __init__(self, question: Mapping[str, Any]) -> None:
        self._question = question

    def answer(self, seconds: float) -> order.Answer:
        told: order.Answer = json.loads(json.dumps(child.answer(dict(self._question))))
        return told

    def close(self) -> None:
        """Nothing runs."""


class Forked:
    """An order answered by a fork of this process, which is killed when it is closed."""

    def __init__(self, question: Mapping[str, Any]) -> None:
        self._reading, writing = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.write(writing, json.dumps(child.answer(dict(question))).encode())
            os._exit(0)
        os.close(writing)

    def answer(self, seconds: float) -> order.Answer | None:
        ready, _, _ = select.select([self._reading], [], [], seconds)
        told: order.Answer | None = json.loads(os.read(self._reading, 1 << 16)) if ready else None
        return told

    def close(self) -> None:
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        os.close(self._reading)


@contextmanager
def hurried(server: Loopback, orders: type[Here] | type[Forked]) -> Iterator[None]:
    """Orders that ask this server, by a client that neither sleeps between its tries nor waits for long."""
    settings = {
        "ENDPOINT": server.url,
        "HUGGINGFACE_CO_URL_TEMPLATE": server.url + "/{repo_id}/resolve/{revision}/{filename}",
        "HF_HUB_OFFLINE": False,
        "HF_HUB_DISABLE_TELEMETRY": True,
        "HF_HUB_DOWNLOAD_TIMEOUT": STALLED,
        "HF_HUB_ETAG_TIMEOUT": ASKED,
    }
    with ExitStack() as stack:
        for name, value in settings.items():
            stack.enter_context(patch.object(constants, name, value))
        for module in (huggingface_hub.file_download, huggingface_hub.utils._http):
            stack.enter_context(patch.object(module, "time", _STILL))
        stack.enter_context(patch.object(order, "Order", orders))
        stack.enter_context(patch.object(child, "_PIECE", 1 << 14))
        stack.enter_context(patch.object(tqdm.tqdm, "monitor_interval", 0))  # or it starts a thread that stays
        yield
