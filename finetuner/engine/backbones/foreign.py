"""Pickled weight files (.pth, .pt, .bin, .ckpt): opened only in a limited child process, converted once.

`torch.load(weights_only=True)` runs no code by design, but it bounds neither memory nor time, and has had holes.
So a child with limits opens the file and writes safetensors into the cache, under the hash of the content.
"""

import json
import os
import subprocess
import uuid
from pathlib import Path

from finetuner.engine import interpreter, paths
from finetuner.engine.backbones.refusals import REFUSALS, RefusedError
from finetuner.engine.files import sha256_of, sync_folder

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


def as_safetensors(path: Path) -> Path:
    """The converted copy of a pickled state dict. Raises RefusedError with the reason."""
    target = paths.cache_dir() / "converted" / f"{sha256_of(path)}.safetensors"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        _convert(path.absolute(), target)
    return target


def _convert(path: Path, target: Path) -> None:
    """Let the child write beside the target, and put the copy there when it is whole."""
    copy = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        _open_in_child(path, copy)
        _adopt(copy, target)
    finally:
        copy.unlink(missing_ok=True)


def _open_in_child(path: Path, copy: Path) -> None:
    seconds = _SECONDS + path.stat().st_size // _BYTES_A_SECOND
    try:
        child = subprocess.run(
            command(path, copy), cwd=copy.parent, env=environment(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedError("limits") from error
    if child.returncode != 0 or not copy.is_file():
        raise _reason(child.stdout)


def command(path: Path, copy: Path) -> list[str]:
    """How the child is started; `path` and `copy` are absolute."""
    return interpreter.command("finetuner.engine.backbones.unpickle", str(path), str(copy), str(os.getpid()))


def environment() -> dict[str, str]:
    """All that the child is told of this process's environment."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed_on, **_SWITCHES, "PYTHONPATH": interpreter.search_path()}


def _adopt(copy: Path, target: Path) -> None:
    with open(copy, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(copy, target)
    sync_folder(target.parent)


def _reason(output: bytes) -> RefusedError:
    """What the child said; a child that said nothing was ended by a limit."""
    try:
        said = json.loads(output.splitlines()[-1])
        return RefusedError(said["kind"] if said["kind"] in REFUSALS else "limits", said["detail"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return RefusedError("limits")
