"""ZFNet (Zeiler & Fergus, 2014, "Visualizing and understanding convolutional networks", figure 3).

AlexNet with smaller first kernels (7x7, stride 2), no groups, and contrast normalisation across feature maps. Weights
start as He et al. (2015) advise.
"""

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.backbones.classic.layers import classifier, convolution, started


def make(classes: int) -> nn.Module:
    """Images N,3,224,224 (or another size) -> logits N,classes."""
    features = nn.Sequential(
        nn.Sequential(*convolution(3, 96, 7, stride=2, padding=1), nn.MaxPool2d(3, 2, 1), ContrastNorm()),
        nn.Sequential(*convolution(96, 256, 5, stride=2), nn.MaxPool2d(3, 2, 1), ContrastNorm()),
        nn.Sequential(*convolution(256, 384, 3, padding=1)),
        nn.Sequential(*convolution(384, 384, 3, padding=1)),
        nn.Sequential(*convolution(384, 256, 3, padding=1)),
    )
    return started(nn.Sequential(OrderedDict(features=features, classifier=classifier(256, 6, classes))))


class ContrastNorm(nn.Module):
    """Each pixel less the mean of `size` neighbouring maps, divided by (1 + alpha * variance)^beta.

    Subtractive and divisive as in Jarrett et al. (2009), over maps in the place of pixels; the paper names the layer
    and gives no constants, so they are those of AlexNet's normalisation.
    """

    def __init__(self, size: int = 5, alpha: float = 5e-4, beta: float = 0.75) -> None:
        super().__init__()
        self.size, self.alpha, self.beta = size, alpha, beta

    def forward(self, maps: Tensor) -> Tensor:
        """N,C,h,w -> the same shape."""
        centred = maps - self._mean(maps)
        return centred / (1 + self.alpha * self._mean(centred.square())).pow(self.beta)

    def _mean(self, maps: Tensor) -> Tensor:
        """Over the neighbouring maps that there are."""
        padding = (self.size // 2, 0, 0)
        volume = functional.avg_pool3d(maps.unsqueeze(1), (self.size, 1, 1), 1, padding, count_include_pad=False)
        return torch.squeeze(volume, 1)
