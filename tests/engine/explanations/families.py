"""One small network of each family, random weights, eval mode, three classes, images of 64 pixels."""

from collections.abc import Callable

import timm
import torch
import torchvision
from torch import nn
from torchvision.models.vgg import make_layers

SIDE = 64
CLASSES = 3


def _timm(name: str, **options: object) -> Callable[[], nn.Module]:
    return lambda: timm.create_model(name, num_classes=CLASSES, **options)


def _vgg() -> nn.Module:
    """Its kinds of layers in its order: convolutions, average pooling to fixed places, three linear layers."""
    return nn.Sequential(
        make_layers([8, "M", 16, "M", 16, 16, "M", 32]), nn.AdaptiveAvgPool2d(4), nn.Flatten(),
        nn.Linear(512, 32), nn.ReLU(inplace=True), nn.Linear(32, 32), nn.ReLU(inplace=True), nn.Linear(32, CLASSES),
    )  # fmt: skip


FAMILIES: dict[str, Callable[[], nn.Module]] = {
    "resnet": _timm("test_resnet"),
    "vgg": _vgg,
    "mobilenet": _timm("mobilenetv2_035"),
    "efficientnet": _timm("test_efficientnet"),
    "convnext": _timm("test_convnext"),
    "densenet": lambda: torchvision.models.DenseNet(8, (2, 2, 2, 2), 16, num_classes=CLASSES),
    "googlenet": lambda: torchvision.models.GoogLeNet(CLASSES, aux_logits=False, init_weights=False),
    "vit": _timm("test_vit", img_size=SIDE),
    "vit-of-torchvision": lambda: torchvision.models.VisionTransformer(SIDE, 16, 2, 2, 16, 32, num_classes=CLASSES),
    "swin": _timm(
        "swin_tiny_patch4_window7_224", img_size=SIDE, window_size=4, embed_dim=16, depths=(1, 1, 1, 1),
        num_heads=(1, 1, 2, 2),
    ),
}  # fmt: skip


def family(name: str) -> nn.Module:
    """The same weights at each call. The head is strong enough that its logits tell images apart."""
    torch.manual_seed(0)
    model = FAMILIES[name]().eval()
    with torch.no_grad():
        for parameter in list(model.parameters())[-2:]:
            parameter.add_(torch.randn_like(parameter) * 0.3 / (parameter.shape[-1] ** 0.5))
    return model


def images(count: int = 1) -> torch.Tensor:
    """Normalised noise, the same at each call."""
    return torch.randn(count, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1))
