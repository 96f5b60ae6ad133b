"""LeNet-5 (LeCun, Bottou, Bengio & Haffner, 1998, "Gradient-based learning applied to document recognition", II.B).

60,000 parameters below the output, as the paper counts them. Two things differ: colour images are made grey, and the
output is linear with a softmax, where the paper has fixed bitmaps of ten characters (radial basis functions).
"""

import torch
from torch import Tensor, nn

_GREY = (0.299, 0.587, 0.114)  # luma, ITU-R BT.601
# table I: the maps of S2 that each map of C3 sees
_CONNECTIONS = (
    *([first, (first + 1) % 6, (first + 2) % 6] for first in range(6)),
    *([first, (first + 1) % 6, (first + 2) % 6, (first + 3) % 6] for first in range(6)),
    *([first, (first + 1) % 6, (first + 3) % 6, (first + 4) % 6] for first in range(3)),
    list(range(6)),
)


def make(classes: int) -> nn.Module:
    """Images N,3,32,32 -> logits N,classes."""
    return LeNet5(classes)


class LeNet5(nn.Module):
    """Grey 32x32; C1 6x28x28, S2 6x14x14, C3 16x10x10, S4 16x5x5, C5 120, F6 84, output."""

    grey: Tensor

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.register_buffer("grey", torch.tensor(_GREY).view(1, 3, 1, 1), persistent=False)
        self.c1 = nn.Sequential(nn.Conv2d(1, 6, 5), Squash())
        self.s2 = nn.Sequential(Subsample(6), Squash())
        self.c3 = nn.Sequential(PartialConvolution(), Squash())
        self.s4 = nn.Sequential(Subsample(16), Squash())
        self.c5 = nn.Sequential(nn.Conv2d(16, 120, 5), Squash(), nn.Flatten())
        self.f6 = nn.Sequential(nn.Linear(120, 84), Squash())
        self.output = nn.Linear(84, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Images N,3,32,32 -> logits N,classes."""
        maps = (images * self.grey).sum(1, keepdim=True)
        maps = self.s4(self.c3(self.s2(self.c1(maps))))
        logits: Tensor = self.output(self.f6(self.c5(maps)))
        return logits


class Squash(nn.Module):
    """A tanh(S a) with A = 1.7159 and S = 2/3 (appendix A)."""

    def forward(self, values: Tensor) -> Tensor:
        """Element by element."""
        return 1.7159 * torch.tanh(values * (2 / 3))


class Subsample(nn.Module):
    """The mean of 2x2 pixels times a trainable coefficient plus a trainable bias, one of each per map."""

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.mean = nn.AvgPool2d(2)
        self.weight = nn.Parameter(torch.ones(maps))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, maps: Tensor) -> Tensor:
        """N,maps,h,w -> N,maps,h/2,w/2."""
        halved: Tensor = self.mean(maps) * self.weight.view(-1, 1, 1) + self.bias.view(-1, 1, 1)
        return halved


class PartialConvolution(nn.Module):
    """16 maps of 5x5 kernels, each of which sees some of the six maps below (table I): symmetry is broken."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.ModuleList(nn.Conv2d(len(seen), 1, 5) for seen in _CONNECTIONS)

    def forward(self, maps: Tensor) -> Tensor:
        """N,6,14,14 -> N,16,10,10."""
        found = [one(maps[:, seen]) for one, seen in zip(self.maps, _CONNECTIONS, strict=True)]
        return torch.cat(found, 1)
