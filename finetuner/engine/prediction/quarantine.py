"""A stranger's .onnx is tried in a limited child process before this one opens it; once, by its content."""

import hashlib
import os
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from finetuner import __version__
from finetuner.engine import interpreter, paths
from finetuner.engine.backbones.limited_child import ended, last_word
from finetuner.engine.dataset.names import readable
from finetuner.engine.prediction.onnx_guard import UnsafeModel

_LIMITS = "it needs more memory or time than a classifier does"
_LONGEST = 250


def admit(content: bytes) -> None:
    """Let an .onnx file's bytes pass, if the child was content with the same bytes. Raises UnsafeModel."""
    mark = _mark(content)
    if not os.path.exists(mark):  # where the folder may not even be looked into, there is no mark
        _try_in_child(content)
        with suppress(OSError):  # it only remembers: without it the next time is a trial again
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()


def _mark(content: bytes) -> Path:
    """An empty file whose name is the content, and what it was tried with."""
    key = hashlib.sha256(content)
    key.update(f"{__version__} {version('onnxruntime')}".encode())
    return paths.cache_dir() / "admitted" / key.hexdigest()


def _try_in_child(content: bytes) -> None:
    command = interpreter.command("finetuner.engine.prediction.onnx_trial", str(os.getpid()))
    child = ended(command, len(content), content=content)
    if child is None:
        raise UnsafeModel(_LIMITS)
    if child.returncode != 0:
        raise UnsafeModel(_reason(last_word(child.stdout)))


def _reason(said: dict[str, Any]) -> str:
    """What the child said; a child that said nothing was ended by a limit, or broke down."""
    reason = said.get("reason")
    return readable(reason[:_LONGEST]).replace("\n", " ") if isinstance(reason, str) else _LIMITS
