"""How a limited child is started, what it is told, and what it said: it opens a stranger's file in this one's place."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from finetuner.engine import interpreter

_SECONDS, _BYTES_A_SECOND = 180, 20 * 2**20
# what a child needs to find its libraries, and nothing of the user's: no keys, no tokens, no switches of torch's
_PASSED_ON = (
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "SYSTEMROOT", "WINDIR",
    "TEMP", "TMP", "TMPDIR", "HOME", "USERPROFILE", "LANG", "LC_ALL",
)  # fmt: skip
_SWITCHES = {
    "TORCH_FORCE_WEIGHTS_ONLY_LOAD": "1", "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}  # fmt: skip


def ended(
    command: list[str], size: int, folder: Path | None = None, content: bytes | None = None
) -> "subprocess.CompletedProcess[bytes] | None":
    """Start the child for a file of `size` bytes, in `folder`, and wait for its end; None where its time ran out.

    `content` goes to its input.
    """
    seconds = _SECONDS + size // _BYTES_A_SECOND
    try:
        return subprocess.run(
            command, input=content, cwd=folder, env=environment(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return None


def environment() -> dict[str, str]:
    """All that the child is told of this process's environment."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed_on, **_SWITCHES, "PYTHONPATH": interpreter.search_path()}


def last_word(output: bytes) -> dict[str, Any]:
    """The JSON object in the last line of what a child said; empty where there is none: a limit ended it."""
    try:
        said = json.loads(output.splitlines()[-1])
    except (ValueError, LookupError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
