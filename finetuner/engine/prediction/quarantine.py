"""A stranger's .onnx is tried in a limited child process before this one opens it; once, by its content."""

import hashlib
import json
import os
import subprocess
from importlib.metadata import version
from pathlib import Path

from finetuner import __version__
from finetuner.engine import interpreter, paths
from finetuner.engine.backbones.foreign import environment
from finetuner.engine.dataset.names import readable
from finetuner.engine.prediction.onnx_guard import UnsafeModel

_SECONDS, _BYTES_A_SECOND = 180, 20 * 2**20
_LIMITS = "it needs more memory or time than a classifier does"
_LONGEST = 250


def admit(content: bytes) -> None:
    """Let an .onnx file's bytes pass, if the child was content with the same bytes. Raises UnsafeModel."""
    mark = _mark(content)
    if not mark.exists():
        _try_in_child(content)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def _mark(content: bytes) -> Path:
    """An empty file whose name is the content, and what it was tried with."""
    key = hashlib.sha256(content)
    key.update(f"{__version__} {version('onnxruntime')}".encode())
    return paths.cache_dir() / "admitted" / key.hexdigest()


def _try_in_child(content: bytes) -> None:
    child = interpreter.command("finetuner.engine.prediction.onnx_trial", str(os.getpid()))
    seconds = _SECONDS + len(content) // _BYTES_A_SECOND
    try:
        done = subprocess.run(
            child, input=content, env=environment(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnsafeModel(_LIMITS) from error
    if done.returncode != 0:
        raise UnsafeModel(_reason(done.stdout))


def _reason(output: bytes) -> str:
    """What the child said; a child that said nothing was ended by a limit, or broke down."""
    try:
        said = json.loads(output.splitlines()[-1])["reason"]
        return readable(said[:_LONGEST]).replace("\n", " ")
    except (ValueError, LookupError, TypeError, RecursionError):
        return _LIMITS
