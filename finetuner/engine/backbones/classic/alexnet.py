"""AlexNet (Krizhevsky, Sutskever & Hinton, 2012, "ImageNet classification with deep convolutional neural networks").

The paper's own network: local response normalisation, overlapping pooling, two groups where it used two GPUs. The
later, plainer one with published weights is `torchvision/alexnet`. Weights start as He et al. (2015) advise, since the
paper's deviation of 0.01 wants its schedule of 90 epochs on a million images.
"""

from collections import OrderedDict

from torch import nn

from finetuner.engine.backbones.classic.layers import classifier, convolution, started

_SIZE, _ALPHA, _BETA, _BIAS = 5, 1e-4, 0.75, 2.0


def make(classes: int) -> nn.Module:
    """Images N,3,224,224 (or another size) -> logits N,classes."""
    features = nn.Sequential(
        nn.Sequential(*convolution(3, 96, 11, stride=4, padding=2), _response_norm(), nn.MaxPool2d(3, 2)),
        nn.Sequential(*convolution(96, 256, 5, padding=2, groups=2), _response_norm(), nn.MaxPool2d(3, 2)),
        nn.Sequential(*convolution(256, 384, 3, padding=1)),
        nn.Sequential(*convolution(384, 384, 3, padding=1, groups=2)),
        nn.Sequential(*convolution(384, 256, 3, padding=1, groups=2)),
    )
    return started(nn.Sequential(OrderedDict(features=features, classifier=classifier(256, 6, classes))))


def _response_norm() -> nn.Module:
    """Section 3.3; torch divides alpha by the number of maps, the paper does not."""
    return nn.LocalResponseNorm(_SIZE, alpha=_ALPHA * _SIZE, beta=_BETA, k=_BIAS)
