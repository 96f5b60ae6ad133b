"""What AlexNet and ZFNet share: convolutions with ReLU, and the three dense layers on 6x6 maps."""

from typing import Any

from torch import nn

HIDDEN = 4096


def convolution(inputs: int, outputs: int, kernel: int, **options: Any) -> tuple[nn.Module, nn.Module]:
    """A convolution and its rectifier."""
    return nn.Conv2d(inputs, outputs, kernel, **options), nn.ReLU()


def classifier(maps: int, side: int, classes: int) -> nn.Sequential:
    """Pool, dropout, 4096, dropout, 4096, classes. Maps of images of another size are pooled to the paper's 6x6."""
    return nn.Sequential(
        nn.Sequential(nn.MaxPool2d(3, 2), nn.AdaptiveAvgPool2d(side), nn.Flatten(), nn.Dropout()),
        nn.Sequential(nn.Linear(maps * side * side, HIDDEN), nn.ReLU(), nn.Dropout()),
        nn.Sequential(nn.Linear(HIDDEN, HIDDEN), nn.ReLU()),
        nn.Linear(HIDDEN, classes),
    )


def started(network: nn.Module) -> nn.Module:
    """With weights drawn so that the scale of the signal is kept (He et al., 2015)."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            assert module.bias is not None
            nn.init.zeros_(module.bias)
    return network
