"""Proof that the files are loaded: a plain unpickler is let loose on one of them, in a fork that is thrown away."""

import io
import os
import pickle
import signal
import tempfile
import zipfile
from pathlib import Path

import torch

from tests.hostile_checkpoints.case import Case

_SECONDS = 10


def fires(case: Case, folder: Path) -> bool:
    """Whether the case's canary appears when `pickle.load` or `torch.load(weights_only=False)` opens it."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        path = case.written(Path(place), Path(place))
        child = os.fork()
        if child == 0:
            _pull(path)
        os.waitpid(child, 0)
        return os.path.lexists(case.canary(Path(place)))


def _pull(path: Path) -> None:
    """Open it in the ways that this program never does, quietly, and end."""
    try:
        signal.alarm(_SECONDS)
        os.chdir(path.parent)
        os.environ.pop("TORCH_FORCE_WEIGHTS_ONLY_LOAD", None)
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silent, stream)
        for opening in (_as_pickle, _as_archive, _as_torch):
            _tried(opening, path)
    finally:
        os._exit(0)


def _tried(opening: object, path: Path) -> None:
    try:
        opening(path)  # type: ignore[operator]
    except BaseException as error:  # noqa: BLE001  the gun may do what it likes to its own process
        print(error)


def _as_pickle(path: Path) -> None:
    pickle.loads(path.read_bytes())  # noqa: S301


def _as_archive(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        pickle.load(io.BytesIO(archive.read(name)))  # noqa: S301


def _as_torch(path: Path) -> None:
    torch.load(path, weights_only=False)
