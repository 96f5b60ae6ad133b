"""Attention rollout (Abnar & Zuidema, Quantifying Attention Flow in Transformers, 2020)."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.layout import token_grid


class AttentionRollout:
    """Where the answer's attention comes from, through all layers of a transformer. It knows nothing of the class."""

    def explain(self, model: nn.Module, layer: str, images: Tensor, targets: Tensor) -> Tensor:
        """Return the class token's row of prod_l (A_l + I) / 2, A_l the mean over heads: N,h,w; without one, the mean.

        Raises FinetunerError for a network in which not every token attends to every other.
        """
        with torch.no_grad(), _Watched() as seen:
            model(images)
        tokens = _common_size(seen.weights)
        rollout = torch.eye(tokens).expand(len(images), -1, -1)
        for weights in seen.weights:
            rollout = (weights.mean(dim=1) + torch.eye(tokens)) / 2 @ rollout
        grid = token_grid(tokens)
        row = rollout[:, 0] if grid.prefix else rollout.mean(dim=1)
        return row[:, grid.prefix :].unflatten(1, (grid.side, grid.side))


class _Watched(TorchFunctionMode):
    """Within the block, keeps how each token attends to each other: N,heads,T,T for each layer."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = list[Tensor]()

    def __torch_function__(self, func: Callable[..., Any], types: object, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is functional.scaled_dot_product_attention:
            self.weights.append(_attention(args[0], args[1], kwargs.get("scale")))
        if func is functional.multi_head_attention_forward:
            answer, weights = func(*args, **{**kwargs, "need_weights": True, "average_attn_weights": False})
            self.weights.append(weights)
            return answer, None
        answer = func(*args, **kwargs)
        if func in (functional.softmax, torch.softmax, Tensor.softmax) and answer.ndim == 4:
            self.weights.append(answer)
        return answer


def _attention(query: Tensor, key: Tensor, scale: float | None) -> Tensor:
    return (query @ key.mT * (scale or query.shape[-1] ** -0.5)).softmax(dim=-1)


def _common_size(weights: list[Tensor]) -> int:
    """How many tokens there are, the same in each layer."""
    sizes = {(found.shape[0], *found.shape[2:]) for found in weights}
    if len(sizes) != 1 or len({size for _, *size in sizes for size in size}) != 1:
        kind = "attends within windows or at several scales" if weights else "has no attention"
        raise FinetunerError(
            f"Attention rollout needs a network in which each token attends to all others; this one {kind}.",
            "Choose grad-cam instead.",
        )
    tokens: int = weights[0].shape[-1]
    return tokens
