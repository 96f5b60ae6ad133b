"""The heads of nn.MultiheadAttention, their weights held fixed: the rest is linear in the tokens."""

from typing import Any

from torch import Tensor
from torch.nn import functional


def attend(query: Tensor, key: Tensor, value: Tensor, **options: Any) -> Tensor:
    """Scaled dot-product attention whose weights hand back nothing (Ali et al., XAI for Transformers, 2022)."""
    return functional.scaled_dot_product_attention(query.detach(), key.detach(), value, **options)


def split(tokens: Tensor, heads: int) -> Tensor:
    """T,N,E -> N,heads,T,E/heads."""
    length, images, width = tokens.shape
    return tokens.view(length, images, heads, width // heads).permute(1, 2, 0, 3)


def joined(tokens: Tensor) -> Tensor:
    """N,heads,T,d -> T,N,E."""
    return tokens.permute(2, 0, 1, 3).flatten(2)
