"""One layer's output and its gradient, by a hook that lives as long as a `with` block."""

from types import TracebackType

import torch
from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError


class Tap:
    """`with Tap(model, "layer4") as tap: score = model(images)[0, 3]; tap.gradient(score)`.

    The layer's output is cut loose from what is before it, so that no gradient is computed deeper than needed,
    and what follows gets a copy, so that an in-place activation does not overwrite what was tapped. With `cut=False`
    it stays bound to the image, for gradients by its pixels.
    """

    def __init__(self, model: nn.Module, layer: str, cut: bool = True) -> None:
        self.layer = layer
        self._cut = cut
        self._module = submodule(model, layer)
        self._output: Tensor | None = None

    def __enter__(self) -> "Tap":
        self._hook = self._module.register_forward_hook(self._keep)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._hook.remove()

    @property
    def output(self) -> Tensor:
        """The layer's last output. Raises FinetunerError when the layer gave no tensor."""
        if self._output is None:
            raise FinetunerError(f"The layer {self.layer} gives no feature map.", "Choose another layer.")
        return self._output

    def gradient(self, score: Tensor) -> Tensor:
        """The gradient of a scalar by the output, in its shape. Raises FinetunerError when there is none."""
        bound = score.requires_grad  # not at all where the weights rest and the layer is not listened to
        (found,) = torch.autograd.grad(score, self.output, allow_unused=True) if bound else (None,)
        if found is None:
            raise FinetunerError(f"The layer {self.layer} does not influence the answer.", "Choose another layer.")
        return found

    def _keep(self, module: nn.Module, inputs: object, output: object) -> Tensor | None:
        if not isinstance(output, Tensor):
            return None
        self._output = output.detach().requires_grad_() if self._cut else output
        return self._output.clone()


def submodule(model: nn.Module, name: str) -> nn.Module:
    """A module by its dotted name. Raises FinetunerError with the closest names for a wrong one."""
    try:
        return model.get_submodule(name)
    except AttributeError as error:
        import difflib

        near = difflib.get_close_matches(name, [known for known, _ in model.named_modules() if known], 3)
        meant = f"Did you mean {' or '.join(near)}?" if near else "Leave the layer out to take the usual one."
        raise FinetunerError(f"The network has no layer called {name}.", meant) from error
