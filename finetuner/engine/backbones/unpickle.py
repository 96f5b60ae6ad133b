"""The limited child: `python -m finetuner.engine.backbones.unpickle FILE TARGET` turns a state dict into safetensors.

Memory, time and the right to open sockets, start programs or write elsewhere are given up before the file is opened.
"""

import json
import os
import pickle
import re
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from finetuner.engine.files import write_bytes

_CPU_SECONDS = 120
_SPARE_MEMORY = 512 * 2**20
_WRAPPERS = ("state_dict_ema", "model_ema", "state_dict", "model_state_dict", "model", "net")
_FORBIDDEN = re.compile(r"socket\.|subprocess\.|os\.(exec|posix_spawn|spawn|fork|system|startfile)|ctypes\.dlopen$")
_DAMAGE = (RuntimeError, EOFError, ValueError, LookupError, TypeError, AttributeError)
_CODE = "contains program code and was not opened"


class RefusedError(Exception):
    """Why the file was not opened, as the rest of a sentence that begins with its name."""


def main() -> int:
    """Convert; print the reason as JSON and return 1 where that is refused."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        check_archive(source)
        state = tensors_of(load(source))
        write_bytes(target, safetensors.torch.save(state))
    except RefusedError as refusal:
        print(json.dumps({"reason": str(refusal)}))
        return 1
    except (MemoryError, RuntimeError, OSError) as error:
        print(json.dumps({"reason": f"could not be opened: {str(error).splitlines()[0] if str(error) else error!r}"}))
        return 1
    return 0


def check_archive(path: Path) -> None:
    """Refuse, from the zip index alone, what expands or holds a program. Older files are no archives."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise RefusedError("is compressed, which no weight file is, and was not opened")
    if sum(entry.file_size for entry in entries) > path.stat().st_size:
        raise RefusedError("claims to be larger than it is, and was not opened")
    if any(entry.filename.endswith("constants.pkl") for entry in entries):
        raise RefusedError("is a TorchScript program, not weights, and was not opened")


def load(path: Path) -> Any:
    """Unpickle weights only, under limits. Raises RefusedError."""
    limit_resources(path.stat().st_size)
    try:
        with only_reading():
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise RefusedError(_why(str(error))) from error
    except _DAMAGE as error:
        raise RefusedError(f"is damaged or no weight file ({type(error).__name__})") from error


def _why(message: str) -> str:
    named = re.search(r"GLOBAL (\S+)", message)
    return f"{_CODE} (it asks for {named[1]})" if named else _CODE


def tensors_of(document: Any) -> dict[str, torch.Tensor]:
    """The state dict in a checkpoint, taken out of the usual wrappers. Raises RefusedError."""
    inner = next((document[key] for key in _WRAPPERS if isinstance(document, dict) and key in document), None)
    if isinstance(inner, dict):
        return tensors_of(inner)
    found = {name: value for name, value in _items(document) if isinstance(value, torch.Tensor)}
    if not found:
        raise RefusedError("holds no weights by name")
    return {name: value.detach().contiguous().clone() for name, value in found.items()}


def _items(document: Any) -> list[tuple[str, Any]]:
    return [(str(name), value) for name, value in document.items()] if isinstance(document, dict) else []


def limit_resources(size: int) -> None:
    """Bound memory to what is in use now plus a few times the file, and processor time (where the system can)."""
    if os.name == "nt":
        return
    import resource

    _lower(resource.RLIMIT_CPU, _CPU_SECONDS)
    if sys.platform == "linux":
        in_use = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        _lower(resource.RLIMIT_AS, in_use + 4 * size + _SPARE_MEMORY)


def _lower(kind: int, limit: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    lowered = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (lowered, lowered))


@contextmanager
def only_reading() -> Iterator[None]:
    """While open, this process may start nothing and connect to nothing (a second line behind weights_only)."""
    active = True

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if active and _FORBIDDEN.match(event):
            raise RefusedError(_CODE)

    sys.addaudithook(refuse)
    try:
        yield
    finally:
        active = False


if __name__ == "__main__":
    sys.exit(main())
