"""Pictures in and out. They are painted at a size that can be computed, and handed over as large as the photo."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from finetuner.engine.dataset.decode import open_rgb


def photo(path: Path) -> Image.Image:
    """The image in a file. Raises FinetunerError when it cannot be read."""
    return open_rgb(path)


def painted(picture: Image.Image, side: int, device: torch.device) -> Tensor:
    """As the network takes it, from 0 to 1: 1,3,h,w, its longest side `side` or less."""
    small = picture.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    values = torch.from_numpy(np.array(small)).permute(2, 0, 1)[None].float() / 255
    return values.to(device)


def picture_of(values: Tensor, size: tuple[int, int]) -> Image.Image:
    """1,3,h,w as an image of this width and height; what cannot be shown is cut off."""
    levels = (values[0].detach().clamp(0, 1) * 255).round().to(torch.uint8)
    picture = Image.fromarray(levels.permute(1, 2, 0).cpu().numpy())
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)
