"""A line across a network: what lies below it runs once, what lies above starts from what crossed the line.

There is no general way to start a network's own `forward` in the middle. So it runs as a whole, and every module below
the line answers with zeros of the right shape, which costs nothing; the last one answers with what it said when the
network ran in earnest. Whether the same goes into the head then is tried before a line is used: not the logits, since a
head that starts at zero gives the same ones whatever it is told.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import torch
from timm.layers import DropPath
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd
from torch.utils.hooks import RemovableHandle

from finetuner.engine.backbones.judging import judging
from finetuner.engine.backbones.network import Network, joined

_TRIED_ON = 2
# what a network raises that cannot go on from zeros, or answers with more than one tensor
_CANNOT = (RuntimeError, TypeError, ValueError, IndexError, AttributeError)
Answer = tuple[str, torch.Size]


class _EnoughError(Exception):
    """Everything below the line has been said."""


@dataclass(frozen=True)
class Boundary:
    """The line below block number `first`, for images of `size` pixels.

    `answers`: the paths of the modules below it in the order in which they answer, with the shape of what two images
    get. The last one's answer is what crosses the line.
    """

    first: int
    size: int
    answers: tuple[Answer, ...]

    @property
    def numbers(self) -> int:
        """How many numbers cross the line for an image."""
        return self.answers[-1][1][1:].numel()

    def above(self, model: nn.Module, crossing: Tensor) -> Tensor:
        """Logits N,C from what crossed the line for N images. `model`: the network, or a copy with other weights."""
        images, nothing = len(crossing), crossing.new_zeros(())
        *silent, (last, _) = self.answers
        with ExitStack() as stack:
            for path, shape in silent:
                zeros = nothing.expand(shape[0] * images // _TRIED_ON, *shape[1:])
                stack.enter_context(_answering(model.get_submodule(path), zeros))
            stack.enter_context(_answering(model.get_submodule(last), crossing))
            logits: Tensor = model(nothing.expand(images, 3, self.size, self.size))
        return logits


def boundary_at(network: Network, first: int) -> Boundary | None:
    """The line below block number `first`; None where this network cannot start there. Its modes stay as they are."""
    device, size = next(network.model.parameters()).device, network.preprocessing.input_size
    images = torch.randn(_TRIED_ON, 3, size, size, generator=torch.Generator().manual_seed(0)).to(device)
    with judging(network.model), torch.no_grad(), suppress(*_CANNOT):
        answers = _Walk(network, first).walk(images)
        if answers and answers[-1][1][0] == _TRIED_ON and len(dict(answers)) == len(answers):
            found = Boundary(first, size, answers)
            if _holds(found, network, images):
                return found
    return None


def _holds(boundary: Boundary, network: Network, images: Tensor) -> bool:
    """Whether the head is told the same from the line on as by the whole network, and is told anything."""
    head, model = network.head, network.model
    [crossing] = crossings(model, [boundary], images)
    with head.watched() as from_line:
        boundary.above(model, crossing)
    with head.watched() as from_images:
        model(images)
    told, wanted = joined(from_line), joined(from_images)
    return wanted.numel() > 0 and torch.allclose(told, wanted, rtol=1e-4, atol=1e-5)


def crossings(model: nn.Module, boundaries: Sequence[Boundary], images: Tensor) -> list[Tensor]:
    """What crosses each of these lines, N,..., in one pass that ends at the last of them."""
    seen: dict[int, Tensor] = {}

    def note(boundary: Boundary) -> Callable[[nn.Module, object, Tensor], None]:
        def hook(_module: nn.Module, _inputs: object, answer: Tensor) -> None:
            seen[boundary.first] = answer
            if len(seen) == len(boundaries):
                raise _EnoughError

        return hook

    lasts = [(one, model.get_submodule(one.answers[-1][0])) for one in boundaries]
    _run(model, images, [module.register_forward_hook(note(one)) for one, module in lasts])
    return [seen[boundary.first] for boundary in boundaries]


class _Walk:
    """A pass through the network that notes what the outermost resting modules answer, until a learning one is asked.

    A module rests when none of its parameters is of the upper blocks. Dropout that belongs to no such module does not.
    """

    def __init__(self, network: Network, first: int) -> None:
        self.model = network.model
        self.paths = {module: path for path, module in network.model.named_modules() if path}
        self.upper = {name for block in network.blocks[first:] for name in block.parameters}
        self.answers: list[Answer] = []
        self._inside: list[nn.Module] = []

    def walk(self, images: Tensor) -> tuple[Answer, ...]:
        """The answers, in their order."""
        _run(self.model, images, [hook for module in self.paths for hook in self._hooks(module)])
        return tuple(self.answers)

    def _hooks(self, module: nn.Module) -> list[RemovableHandle]:
        if self._rests(self.paths[module]) and not self._is_loose_dropout(module):
            return [module.register_forward_pre_hook(self._enter), module.register_forward_hook(self._leave)]
        learns_itself = any(f"{self.paths[module]}.{own}" in self.upper for own in module._parameters)
        return [module.register_forward_pre_hook(self._stop)] if learns_itself or self._is_random(module) else []

    def _enter(self, module: nn.Module, _inputs: object) -> None:
        self._inside.append(module)

    def _leave(self, module: nn.Module, _inputs: object, answer: Tensor) -> None:
        self._inside.pop()
        if not self._inside:
            self.answers.append((self.paths[module], answer.shape))

    def _stop(self, _module: nn.Module, _inputs: object) -> None:
        raise _EnoughError

    def _rests(self, path: str) -> bool:
        return not any(name.startswith(f"{path}.") for name in self.upper)

    def _is_loose_dropout(self, module: nn.Module) -> bool:
        """Whether it still drops while the blocks below the line rest: no resting module with parameters holds it."""
        path = self.paths[module]
        parents = [path.rsplit(".", depth)[0] for depth in range(1, path.count(".") + 1)]
        holders = (self.model.get_submodule(parent) for parent in parents if self._rests(parent))
        return self._is_random(module) and all(next(holder.parameters(), None) is None for holder in holders)

    @staticmethod
    def _is_random(module: nn.Module) -> bool:
        dropout = isinstance(module, _DropoutNd) and module.p > 0
        return dropout or (isinstance(module, DropPath) and bool(module.drop_prob))


def _run(model: nn.Module, images: Tensor, hooks: Sequence[RemovableHandle]) -> None:
    """Run until a hook has enough; leave no hook behind."""
    try:
        with suppress(_EnoughError):
            model(images)
    finally:
        for hook in hooks:
            hook.remove()


@contextmanager
def _answering(module: nn.Module, answer: Tensor) -> Iterator[None]:
    """Within the block the module computes nothing and answers this."""
    module.forward = lambda *_, **__: answer
    try:
        yield
    finally:
        del module.forward
