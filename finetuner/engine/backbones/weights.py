"""Weights of unknown origin: read without running anything, loaded only where they fit, and counted."""

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from finetuner.engine.backbones import foreign, integrity, safetensors_file
from finetuner.engine.backbones.carry import content
from finetuner.engine.backbones.fingerprints import likeliest
from finetuner.engine.errors import FinetunerError

# below this share of fitting tensors a file is another network's
ENOUGH = 0.95
# below this likeness no architecture is named
ALIKE = 0.5
_PREFIXES = ("module.", "_orig_mod.", "model.", "backbone.", "net.", "encoder.")
_COUNTER = "num_batches_tracked"


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
    if not path.is_file():
        raise FinetunerError(f"The weight file {path} does not exist.", "Check the path.")
    integrity.refuse_altered(path)
    plain = path if path.suffix == ".safetensors" else foreign.as_safetensors(path)
    tensors = safetensors_file.read(plain)
    content.refuse_altered(path, tensors)
    return without_prefix(tensors)


def without_prefix(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Take off what wrappers (DataParallel, torch.compile, Lightning) put before every name."""
    for prefix in _PREFIXES:
        inside = {name.removeprefix(prefix): tensor for name, tensor in state.items() if name.startswith(prefix)}
        if inside and len(inside) >= 0.9 * len(state):
            return without_prefix(inside)
    return state


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
    return likeliest({name: tuple(tensor.shape) for name, tensor in state.items()})


def _outside_head(model: nn.Module, head_name: str) -> dict[str, Tensor]:
    """The model's tensors but the head's, also where a second name shares the head's parameters."""
    head = [id(parameter) for parameter in model.get_submodule(head_name).parameters()]
    state: dict[str, Tensor] = model.state_dict(keep_vars=True)
    return {name: tensor for name, tensor in state.items() if id(tensor) not in head}


def _fits(found: Tensor | None, wanted: Tensor) -> bool:
    return found is not None and found.shape == wanted.shape


def _counted(tensors: dict[str, Tensor]) -> int:
    return sum(not name.endswith(_COUNTER) for name in tensors)
