"""Weights of unknown origin: read without running anything, loaded only where they fit, and counted."""

import stat
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from finetuner.engine.backbones import foreign, integrity, safetensors_file
from finetuner.engine.backbones.carry import content
from finetuner.engine.backbones.fingerprints import likeliest
from finetuner.engine.backbones.prefixes import ALIKE, without_prefix
from finetuner.engine.backbones.refusals import RefusedError, told
from finetuner.engine.errors import FinetunerError

# below this share of fitting tensors a file is another network's
ENOUGH = 0.95
_COUNTER = "num_batches_tracked"
_KINDS = {
    stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}  # fmt: skip


@dataclass(frozen=True)
class LoadReport:
    """How many tensors outside the head were loaded, of how many."""

    loaded: int
    total: int
    sentence: str


def read_state_dict(path: Path) -> dict[str, Tensor]:
    """Tensors by name, usual wrappers and prefixes taken off. Pickled files are opened in a limited child process.

    Raises FinetunerError when the file is missing, altered, damaged, hostile, or no state dict.
    """
    try:
        _refuse_no_file(path)
        integrity.refuse_altered(path)
        tensors = safetensors_file.read(_as_safetensors(path), named=path)
    except RefusedError as refusal:
        raise told(path, refusal) from refusal
    except OSError as error:
        raise told(path, RefusedError("unreadable", error.strerror or error)) from error
    content.refuse_altered(path, tensors)
    return without_prefix(tensors, _shapes(tensors))


def _as_safetensors(path: Path) -> Path:
    """The file itself where it is one, whatever its name; else what the limited child made of it."""
    plain = path.suffix.lower() == ".safetensors" or safetensors_file.is_safetensors(path)
    return path if plain else foreign.as_safetensors(path)


def _refuse_no_file(path: Path) -> None:
    """Pipes and devices would be waited for, or read without end. Raises RefusedError."""
    try:
        facts = path.stat()
    except (OSError, ValueError) as error:
        raise RefusedError("missing") from error
    if not stat.S_ISREG(facts.st_mode):
        raise RefusedError("no-file", _KINDS.get(stat.S_IFMT(facts.st_mode), "something else"))
    if facts.st_size == 0:
        raise RefusedError("empty")
    if facts.st_size > safetensors_file.LARGEST_FILE:
        raise RefusedError("too-large", f"{safetensors_file.LARGEST_FILE >> 30} GB")


def load_into(model: nn.Module, state: dict[str, Tensor], head_name: str) -> LoadReport:
    """Copy what fits into the model, except the head, which is made for other classes.

    Raises FinetunerError when fewer than 95 % of the tensors outside the head fit.
    """
    wanted = _outside_head(model, head_name)
    fitting = {name: state[name] for name, tensor in wanted.items() if _fits(state.get(name), tensor)}
    loaded, total = _counted(fitting), _counted(wanted)
    if loaded < ENOUGH * total:
        raise FinetunerError(f"{identify(state)}: {loaded} of {total} tensors fit.", _advice(state))
    model.load_state_dict(fitting, strict=False)
    return LoadReport(loaded, total, f"{loaded} of {total} tensors loaded")


def architecture_of(path: Path) -> str:
    """The architecture to which a weight file belongs, by its tensors. Raises FinetunerError when none is alike."""
    name, likeness = _likeliest(read_state_dict(path))
    if likeness <= ALIKE:
        raise FinetunerError(f"{path.name} fits no network that is known here.", "Name its backbone as well.")
    return name


def identify(state: dict[str, Tensor]) -> str:
    """Say whose weights these are."""
    name, likeness = _likeliest(state)
    return f"These are {name} weights" if likeness > ALIKE else "These weights belong to no network known here"


def _advice(state: dict[str, Tensor]) -> str:
    name, likeness = _likeliest(state)
    return f"Choose the backbone {name}, or another file." if likeness > ALIKE else "Choose another file."


def _likeliest(state: dict[str, Tensor]) -> tuple[str, float]:
    return likeliest(_shapes(state))


def _shapes(state: dict[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def _outside_head(model: nn.Module, head_name: str) -> dict[str, Tensor]:
    """The model's tensors but the head's, also where a second name shares the head's parameters."""
    head = [id(parameter) for parameter in model.get_submodule(head_name).parameters()]
    state: dict[str, Tensor] = model.state_dict(keep_vars=True)
    return {name: tensor for name, tensor in state.items() if id(tensor) not in head}


def _fits(found: Tensor | None, wanted: Tensor) -> bool:
    """Of the same shape and nature: quantised whole numbers, or complex ones, are no weights of this network."""
    return found is not None and found.shape == wanted.shape and _nature(found) == _nature(wanted)


def _nature(tensor: Tensor) -> tuple[bool, bool]:
    return tensor.is_floating_point(), tensor.is_complex()


def _counted(tensors: dict[str, Tensor]) -> int:
    return sum(not name.endswith(_COUNTER) for name in tensors)
