"""CAM (Zhou et al., Learning Deep Features for Discriminative Localization, 2016)."""

import torch
from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.layout import to_maps
from finetuner.engine.explanations.tap import Tap

_CLOSE = 1e-3


class Cam:
    """The head's weights laid on the last map. Exact, but only where the head sees that map's plain average."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Return relu(sum_k w_k A_k), w the head's weights: N,h,w of the layer.

        Raises FinetunerError when the logits are not those weights on the layer's average.
        """
        head = _Head(model)
        with torch.no_grad(), Tap(model, layer) as tap, head:
            logits = model(images)
        maps = to_maps(tap.output.detach(), layer)
        features, weight = head.found(logits)
        for candidate in (maps, maps.relu()):  # DenseNet's last ReLU is no module
            if _same(candidate.mean(dim=(2, 3)), features):
                return torch.einsum("nk,nkhw->nhw", weight[targets], candidate).relu()
        raise FinetunerError(
            f"CAM needs a network whose head sees the average of {layer}; here something stands between.",
            "Choose grad-cam, which needs no such head.",
        )


class _Head:
    """Within the block, notes what each linear map got and gave, to find the one that gave the logits."""

    def __init__(self, model: nn.Module) -> None:
        self._linear = [module for module in model.modules() if isinstance(module, nn.Linear | nn.Conv2d)]
        self._seen = list[tuple[Tensor, Tensor, Tensor]]()

    def __enter__(self) -> None:
        self._hooks = [module.register_forward_hook(self._note) for module in self._linear]

    def __exit__(self, *trouble: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def found(self, logits: Tensor) -> tuple[Tensor, Tensor]:
        """The head's input N,K and weight C,K. Raises FinetunerError when no linear map gave the logits."""
        for inputs, weight, output in reversed(self._seen):
            if inputs.flatten(1).shape[1] == weight.flatten(1).shape[1] and _same(output.flatten(1), logits):
                return inputs.flatten(1), weight.flatten(1)
        raise FinetunerError(
            "CAM needs a network that ends in one linear layer; this one does not.", "Choose grad-cam instead."
        )

    def _note(self, module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        weight = module.weight
        assert isinstance(weight, Tensor)
        self._seen.append((inputs[0], weight.detach(), output))


def _same(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and torch.allclose(one, other, rtol=_CLOSE, atol=_CLOSE * float(other.abs().max()))
