"""A network of which it is known what each class looks at, images that show it or not, and a run of them."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from finetuner.engine.events import ScannedImage
from finetuner.engine.job import Job
from finetuner.engine.run_store.run_folder import RunFolder

SIDE = 32
NAMES = ("ant", "bee", "cow")


class Upright(nn.Module):
    """How much of upright stripes, of lying ones, and of four other patterns there is at each place: N,6,h,w."""

    def __init__(self) -> None:
        super().__init__()
        stripes = torch.tensor([1.0, -1, 1, -1]).expand(4, 4) / 16
        others = torch.randn(4, 4, 4, generator=torch.Generator().manual_seed(3)) / 16
        weight = torch.cat([stripes[None], stripes.T[None], others])[:, None].expand(6, 3, 4, 4)
        self.filters = nn.Conv2d(3, 6, 4, stride=4, bias=False)
        self.filters.weight = nn.Parameter(weight.contiguous())

    def forward(self, images: Tensor) -> Tensor:
        found: Tensor = self.filters(images)
        return found.abs()


class Stripes(nn.Module):
    """Upright stripes speak for ant and against bee; lying ones matter to cow alone. The rest is a winding way."""

    def __init__(self) -> None:
        super().__init__()
        self.body = Upright()

    def forward(self, images: Tensor) -> Tensor:
        maps = self.body(images)
        means = maps.mean((2, 3))
        winding = (4 * maps[:, 2:]).sin().mean((1, 2, 3))
        return torch.stack([2 * means[:, 0] + winding, winding - 2 * means[:, 0], means[:, 1] + winding], 1)


def draw(folder: Path, count: int, seed: int, stripes: str = "") -> list[Path]:
    """Coloured noise, with stripes `upright` or `lying` or without, as PNG files."""
    source = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    paths = [folder / f"{number:03}.png" for number in range(count)]
    for path in paths:
        pixels = source.normal(128, 30, (SIDE, SIDE, 3)) + source.normal(0, 20, 3)
        lines = 40 * np.where(np.arange(SIDE) % 2, 1, -1)[None, :, None]
        pixels += {"upright": lines, "lying": lines.transpose(1, 0, 2), "": 0}[stripes]
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)
    return paths


def run_of(folder: Path, of_each: int = 20, split: str = "val") -> Path:
    """A run whose images of each class are noise."""
    run = RunFolder.create(folder / "run", Job())
    scanned = [
        ScannedImage(path=str(path), label=label, split=split, width=SIDE, height=SIDE, format="PNG")
        for seed, label in enumerate(NAMES)
        for path in draw(folder / "data" / label, of_each, seed)
    ]
    run.pin_split(NAMES, scanned)
    return run.path
