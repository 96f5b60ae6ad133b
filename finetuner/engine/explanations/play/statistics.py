"""What a style is, once it is forgotten where things are: how often features occur, alone and together."""

from torch import Tensor

_SMALL = 1e-5


def gram(maps: Tensor) -> Tensor:
    """How often each two features occur together, the mean over places: N,C,h,w -> N,C,C.

    The mean, not the sum, so that pictures of different sizes can be compared.
    """
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def moments(maps: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation of each channel over its places, N,C,1,1 each."""
    flat = maps.flatten(2)
    variance, mean = flat.var(dim=2, unbiased=False), flat.mean(dim=2)
    return mean[..., None, None], (variance + _SMALL).sqrt()[..., None, None]


def with_moments_of(content: Tensor, style: Tensor) -> Tensor:
    """Adaptive instance normalisation: the content's maps N,C,h,w with each channel's moments those of the style's."""
    (mean, deviation), (own_mean, own_deviation) = moments(style), moments(content)
    return (content - own_mean) / own_deviation * deviation + mean


def distance(found: Tensor, wanted: Tensor) -> Tensor:
    """How far, as a share of what is wanted: 0 is there, 1 as far as nothing at all."""
    return (found - wanted).square().sum() / wanted.square().sum().clamp(min=1e-12)
