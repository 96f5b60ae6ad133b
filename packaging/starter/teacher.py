"""What a larger network, trained on ImageNet, sees in each view: its features and logits, kept on disk."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import timm
import torch
from timm.layers import BatchNormAct2d
from torch import Tensor
from torch.nn.utils.fusion import fuse_conv_bn_eval

from starter import views
from starter.images import Images

NAME = "mobilenetv2_100"
SIZE = 128
_BATCH = 128
MEAN = torch.tensor((0.485, 0.456, 0.406)).view(1, 3, 1, 1)
STD = torch.tensor((0.229, 0.224, 0.225)).view(1, 3, 1, 1)


def record(images: Images, weights: Path, work: Path) -> None:
    """Write `features-V.npy` (n,1280) and `logits-V.npy` (n,1000), float16, for every view V that is missing."""
    model = timm.create_model(NAME, pretrained=True, pretrained_cfg_overlay={"file": str(weights)})
    model = folded(model.eval()).to(memory_format=torch.channels_last)
    for view in range(views.COUNT):
        if not (work / f"logits-{view}.npy").exists():
            _record_view(model, images, view, work)


def folded(model: torch.nn.Module) -> torch.nn.Module:
    """Every batch-norm that follows a convolution worked into it; what is left of it is its activation."""
    for parent in model.modules():
        children = list(parent.named_children())
        for (name, conv), (after, norm) in pairwise(children):
            if isinstance(conv, torch.nn.Conv2d) and isinstance(norm, BatchNormAct2d):
                setattr(parent, name, fuse_conv_bn_eval(conv, norm))
                setattr(parent, after, norm.act)
    return model


@torch.no_grad()
def _record_view(model: torch.nn.Module, images: Images, view: int, work: Path) -> None:
    total, boxes = len(images.pixels), views.boxes(view, len(images.pixels))
    features = np.lib.format.open_memmap(work / f"features-{view}.npy", "w+", np.float16, (total, 1280))
    logits = np.zeros((total, 1000), np.float16)
    for start in range(0, total, _BATCH):
        rows = slice(start, start + _BATCH)
        pixels = torch.from_numpy(np.array(images.pixels[rows]))
        features[rows], logits[rows] = _seen(model, views.cut(pixels, boxes[rows], SIZE, "bicubic"))
    features.flush()
    np.save(work / f"logits-{view}.npy", logits)
    print(f"view {view}: {total} images", flush=True)


def _seen(model: torch.nn.Module, planes: Tensor) -> tuple[Tensor, Tensor]:
    with torch.autocast("cpu", torch.bfloat16):
        pooled = model.forward_head(model.forward_features((planes - MEAN) / STD), pre_logits=True)
        logits = model.get_classifier()(pooled)
    return pooled.half(), logits.half()
