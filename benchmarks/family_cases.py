"""Which network stands for each family of the shelf, and the networks that are tried in their full size."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any
from unittest import mock

import numpy as np
import timm
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim.swa_utils import update_bn

from finetuner.engine.backbones import deployed, shelf
from finetuner.engine.backbones.network import Network, build
from finetuner.engine.backbones.shelf import Entry
from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.job import BackbonePart

Pixels = NDArray[np.uint8]

CLASSES = 3
SIZE = 64
PICTURES = ((48, 64), (97, 55), (20, 31))

# encoders of language models, published without a classifier; each stands on the shelf a second time with one
WITHOUT_HEAD = (
    "deepseek_vit_412m_enc",
    "gemma4_vit_167m_enc",
    "gemma4_vit_570m_enc",
    "mobilenetv5_300m_enc",
    "qwen3_vit_88m_enc",
    "qwen3_vit_306m_enc",
    "qwen3_vit_416m_enc",
)

# in the place of the smallest: HaloNet computes for seconds at the one size it takes
_INSTEAD = {"byoanet": "lambda_resnet26t"}

# networks that cannot see, or are left with a single place of, an image of 64 pixels
_SIZES = {
    "lenet5": 32,
    "inception_v3": 96,
    "inception_v4": 96,
    "inception_resnet_v2": 96,
    "torchvision/inception_v3": 96,
    "efficientvim_m1": 128,
    "efficientvit_m0": 128,
    "levit_128s": 128,
    "shvit_s1": 128,
    "efficientformer_l1": 224,
    "torchvision/maxvit_t": 224,
    "crossvit_tiny_240": 240,
    "deepseek_vit_412m": 84,
    "gemma4_vit_167m": 96,
    "vit_small_patch14_dinov2": 70,
    "eva02_tiny_patch14_224": 70,
    "eva02_small_patch14_224": 70,
}

# what is heavy even where it is smallest is built with fewer blocks
_SMALLER: dict[str, dict[str, Any]] = {
    "beit_base_patch16_224": {"depth": 2},
    "cait_xxs24_224": {"depth": 2},
    "deepseek_vit_412m": {"depth": 2},
    "gemma4_vit_167m": {"depth": 2},
    "qwen3_vit_88m": {"depth": 2},
    "samvit_base_patch16_224": {"depth": 2},
    "tnt_s_legacy_patch16_224": {"depth": 2},
    "vgg11": {"mlp_ratio": 0.05},
}

# by name in what Finetuner promises; full size, at small images
NAMED = (
    *(f"{source}vgg{depth}" for depth in (16, 19) for source in ("", "torchvision/")),
    "torchvision/googlenet",
    "inception_v3",
    "torchvision/inception_v3",
    *(f"{source}resnet{depth}" for depth in (18, 34, 50, 101, 152) for source in ("", "torchvision/")),
    *(f"{source}densenet{depth}" for depth in (121, 201) for source in ("", "torchvision/")),
    "mobilenetv1_100",
    "mobilenetv2_100",
    "torchvision/mobilenet_v2",
    "mobilenetv3_large_100",
    "torchvision/mobilenet_v3_large",
    "mobilenetv4_conv_medium",
    *(f"{source}efficientnet_b{size}" for size in range(8) for source in ("", "torchvision/")),
    "convnext_tiny",
    "torchvision/convnext_tiny",
    "vit_base_patch16_224",
    "torchvision/vit_b_16",
    "swin_tiny_patch4_window7_224",
    "torchvision/swin_t",
    "vit_small_patch14_dinov2",
    "vit_small_patch16_dinov3",
    "vit_base_patch16_siglip_224",
    "eva02_small_patch14_224",
)

# what the test suite exports: a small one of each kind promised by name, and what torch's exporter must be helped with
_EXPORTED: dict[str, dict[str, Any]] = {
    "vgg11": {"mlp_ratio": 0.05},
    "torchvision/googlenet": {},
    "inception_v3": {},
    "test_resnet": {},
    "densenet121": {"growth_rate": 8, "block_config": (1, 1, 2, 1)},
    "mobilenetv1_100": {"depth_multiplier": 0.1},
    "mobilenetv2_035": {"depth_multiplier": 0.1},
    "mobilenetv3_small_050": {"depth_multiplier": 0.1},
    "mobilenetv4_conv_small_035": {},
    "test_efficientnet": {},
    "test_convnext": {},
    "test_vit": {},
    "swin_tiny_patch4_window7_224": {"depths": (2, 1), "num_heads": (3, 6)},
    "vit_small_patch14_dinov2": {"depth": 2},
    "vit_small_patch16_dinov3": {"depth": 2},
    "vit_base_patch16_siglip_224": {"depth": 2},
    "eva02_tiny_patch14_224": {"depth": 2},
    "hiera_tiny_224": {"stages": (1, 1, 1, 1)},
    "gemma4_vit_167m": {"depth": 1},
}


@dataclass(frozen=True)
class Case:
    """A network to be tried: its family, its name, the image size, and arguments that make it smaller."""

    family: str
    name: str
    size: int = SIZE
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name, and what was made smaller."""
        return " ".join((self.name, *(f"{name}={value}" for name, value in self.arguments.items())))

    @contextmanager
    def built(self) -> Iterator[Network]:
        """The network in eval mode; whoever builds it again within the block gets as small a one.

        Its weights are random, also those of a head that would start at zero, and its batch statistics fit the
        pictures, so that the signal neither fades nor swells on its way through many layers.
        """
        smaller = partial(timm.create_model, **self.arguments)
        # a file of the small one would be refused as too small for the one on the shelf
        with mock.patch.object(timm, "create_model", smaller), mock.patch.object(deployed, "_refuse_too_small"):
            torch.manual_seed(0)
            yield self._network()

    def _network(self) -> Network:
        network = build(BackbonePart(backbone=self.name, pretrained=False, image_size=self.size), CLASSES)
        update_bn([images(network)], network.model)
        head = network.head
        head.set(torch.randn(CLASSES, head.in_features) / head.in_features**0.5, torch.ones(CLASSES))
        network.model.eval()
        return network


def picture(shape: tuple[int, int]) -> Pixels:
    """Random pixels H,W,3, always the same."""
    return np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)


def images(network: Network) -> Tensor:
    """What the network sees of the pictures: normalised N,3,S,S."""
    preprocess = Preprocess(network.preprocessing)
    return torch.cat([preprocess(torch.from_numpy(picture(shape))[None]) for shape in PICTURES])


def families() -> list[Case]:
    """One network for each family of each source: the smallest one."""
    trained = (entry for entry in shelf.entries() if entry.architecture not in WITHOUT_HEAD)
    by_family = groupby(sorted(trained, key=_family), key=_family)
    chosen = ((f"{source}: {family}", _representative(entries)) for (source, family), entries in by_family)
    return [Case(family, name, _SIZES.get(name, SIZE), _SMALLER.get(name, {})) for family, name in chosen]


def named() -> list[Case]:
    """The networks that are promised by name, whole."""
    return [Case(shelf.by_name()[name].family, name, _SIZES.get(name, SIZE)) for name in NAMED]


def exported() -> list[Case]:
    """The networks that the test suite exports."""
    known = shelf.by_name()
    return [Case(known[name].family, name, _SIZES.get(name, SIZE), made) for name, made in _EXPORTED.items()]


def _family(entry: Entry) -> tuple[str, str]:
    return entry.source, entry.family


def _representative(entries: Iterable[Entry]) -> str:
    smallest = min(entries, key=lambda entry: entry.parameters)
    return _INSTEAD.get(smallest.family, smallest.architecture)
