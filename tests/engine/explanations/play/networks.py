"""Small networks of random weights in the files that large ones come in."""

from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn
from torchvision.models.vgg import make_layers

PLAN = [8, 8, "M", 12, 12, "M", 16, 16, "M", 20, 20, "M", 24]


def vgg(norm: bool = False) -> nn.Module:
    """As torchvision and timm build one: `features`, then a head."""
    torch.manual_seed(0)
    model = nn.Module()
    model.features = make_layers(PLAN, batch_norm=norm)
    model.classifier = nn.Linear(24, 5)
    for layer in model.features:
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.normal_(layer.bias, std=0.1)
        if isinstance(layer, nn.BatchNorm2d):
            for tensor in (layer.weight, layer.running_var):
                nn.init.uniform_(tensor, 0.5, 2)
            for tensor in (layer.bias, layer.running_mean):
                nn.init.normal_(tensor, std=0.2)
    return model.eval()


def encoder() -> nn.Sequential:
    """As the encoder of AdaIN is kept: one convolution of a pixel, mirrored edges, numbers alone."""
    layers: list[nn.Module] = [nn.Conv2d(3, 3, 1)]
    width = 3
    for step in PLAN[:-2]:
        if step == "M":
            layers.append(nn.MaxPool2d(2, ceil_mode=True))
            continue
        layers += [nn.ReflectionPad2d(1), nn.Conv2d(width, int(step), 3), nn.ReLU()]
        width = int(step)
    return _strong(layers)


def decoder(takes: int = 20) -> nn.Sequential:
    """As the decoder of AdaIN is kept; three times twice the size."""
    layers: list[nn.Module] = []
    for wide, narrow, doubles in [(takes, 16, True), (16, 16, False), (16, 12, True), (12, 8, True), (8, 3, False)]:
        layers += [nn.ReflectionPad2d(1), nn.Conv2d(wide, narrow, 3), nn.ReLU()]
        layers += [nn.Upsample(scale_factor=2, mode="nearest")] if doubles else []
    return _strong(layers[:-1])


def keep(model: nn.Module, path: Path) -> Path:
    """Its weights as a safetensors file."""
    state: dict[str, Tensor] = model.state_dict()
    safetensors.torch.save_file(state, path)
    return path


def _strong(layers: list[nn.Module]) -> nn.Sequential:
    torch.manual_seed(1)
    for layer in layers:
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.normal_(layer.bias, std=0.1)
    return nn.Sequential(*layers).eval()
