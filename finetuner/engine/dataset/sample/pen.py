"""Draws shaded shapes on a transparent layer: outlines in unit coordinates, smooth edges by supersampling."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from finetuner.engine.dataset.sample.curves import Points, ellipse, turned
from finetuner.engine.dataset.sample.palette import Colour

SUPERSAMPLING = 3
REACH = 1.25
"""How far from its centre a subject may draw, in its own units."""
LIGHT = -125.0
"""Direction of the light, in degrees: from above, a little from the left."""


@dataclass(frozen=True)
class Area:
    """The pixels that a shape covers: `mask` (L) with its upper left corner at `corner` of the layer."""

    corner: tuple[int, int]
    mask: Image.Image


class Pen:
    """A layer for one subject of `radius` final pixels, turned by `degrees` and squeezed by `squeeze`."""

    def __init__(self, radius: float, degrees: float = 0, squeeze: tuple[float, float] = (1, 1)) -> None:
        self.unit = radius * SUPERSAMPLING
        self.degrees = degrees
        self.squeeze = np.array(squeeze)
        side = round(2 * REACH * radius) * SUPERSAMPLING
        self.layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))

    def fill(
        self, outline: Points, light: Colour, dark: Colour | None = None, alpha: float = 1, within: Area | None = None
    ) -> Area:
        """Fill an outline, shading from `light` to `dark` along the light; `within` an earlier area only."""
        area = self._area(outline, alpha)
        if within is not None:
            area = Area(area.corner, ImageChops.multiply(area.mask, _cut(within, area)))
        patch = _gradient(area.mask.size, light, dark or light)
        patch.putalpha(area.mask)
        self.layer.alpha_composite(patch, area.corner)
        return area

    def stroke(
        self, line: Points, width: float, colour: Colour, alpha: float = 1, within: Area | None = None, tip: float = 0.4
    ) -> Area:
        """Draw along an open line; its width shrinks from `width` to `tip` of it."""
        return self.fill(ribbon(line, width, tip), colour, alpha=alpha, within=within)

    def dot(
        self, x: float, y: float, radius: float, light: Colour, dark: Colour | None = None, within: Area | None = None
    ) -> Area:
        """A disc."""
        return self.fill(ellipse(x, y, radius, count=28), light, dark, within=within)

    def finished(self) -> Image.Image:
        """The layer at its final size."""
        return self.layer.reduce(SUPERSAMPLING)

    def _area(self, outline: Points, alpha: float) -> Area:
        placed = turned(outline * self.squeeze, self.degrees) * self.unit + self.layer.width / 2
        low = np.clip(np.floor(placed.min(0)).astype(int), 0, self.layer.width - 2)
        high = np.clip(np.ceil(placed.max(0)).astype(int) + 1, low + 1, self.layer.width)
        mask = Image.new("L", (int(high[0] - low[0]), int(high[1] - low[1])))
        ImageDraw.Draw(mask).polygon([tuple(point) for point in (placed - low).tolist()], fill=round(255 * alpha))
        return Area((int(low[0]), int(low[1])), mask)


def ribbon(line: Points, width: float, tip: float = 0.4) -> Points:
    """The outline of a line with thickness: `width` at its start, `tip` of that at its end, round at both."""
    ahead = np.gradient(line, axis=0)
    normal = np.stack((-ahead[:, 1], ahead[:, 0]), 1) / np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
    half = np.linspace(width / 2, width / 2 * tip, len(line))[:, None]
    return np.concatenate((line + normal * half, (line - normal * half)[::-1]))


def _cut(source: Area, target: Area) -> Image.Image:
    """The part of `source` that lies under `target`."""
    left, top = target.corner[0] - source.corner[0], target.corner[1] - source.corner[1]
    return source.mask.crop((left, top, left + target.mask.width, top + target.mask.height))


def _gradient(size: tuple[int, int], light: Colour, dark: Colour) -> Image.Image:
    if light == dark:
        return Image.new("RGB", size, light)
    angle = np.deg2rad(LIGHT)
    x = np.linspace(-1, 1, size[0], dtype=np.float32)[None] * np.float32(np.cos(angle))
    y = np.linspace(-1, 1, size[1], dtype=np.float32)[:, None] * np.float32(np.sin(angle))
    brightness = np.clip((x + y) * 92 + 128, 0, 255).astype(np.uint8)
    return Image.composite(Image.new("RGB", size, light), Image.new("RGB", size, dark), Image.fromarray(brightness))
