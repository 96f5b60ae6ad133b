"""Learning curves as geometry: the template draws them as inline SVG, so the report needs no script."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from finetuner.engine.events import Curve

WIDTH, HEIGHT = 440, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 76, 16, 36
LONGEST_NAME = 11


@dataclass(frozen=True)
class Line:
    """A drawn curve: SVG `points`, and its name written at the last point."""

    name: str
    style: str
    points: str
    end_x: float
    end_y: float


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: pixel `at`, and what is written there."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """One small picture: title, ticks, lines, and the x of the best epoch (None: not marked); `dots` at its points."""

    title: str
    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    best_x: float | None
    x_label: str = "epoch"
    dots: bool = True
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Axis:
    """A linear map from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value."""
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)


def chart(title: str, series: Sequence[tuple[str, str, Sequence[float]]], best: int | None = None) -> Chart:
    """Draw curves over epochs 1..n. `series`: (name, CSS class, n values); values that are not finite are left out."""
    count = max(len(values) for _, _, values in series)
    y_marks = nice_ticks([value for _, _, values in series for value in values if math.isfinite(value)])
    x = Axis(1, max(count, 2), LEFT, WIDTH - RIGHT)
    y = Axis(y_marks[0], y_marks[-1], HEIGHT - BOTTOM, TOP)
    return Chart(
        title,
        _without_overlap([_line(name, style, values, x, y) for name, style, values in series]),
        tuple(Tick(x.at(epoch), str(epoch)) for epoch in epoch_ticks(count)),
        tuple(Tick(y.at(value), f"{value:g}") for value in y_marks),
        x.at(best) if best else None,
    )


def share_chart(title: str, x_label: str, series: Sequence[tuple[str, str, Curve]], dots: bool = False) -> Chart:
    """Draw curves of shares over shares. `series`: (name, CSS class, points with x and y from 0 to 1)."""
    x, y = Axis(0, 1, LEFT, WIDTH - RIGHT), Axis(0, 1, HEIGHT - BOTTOM, TOP)
    lines = []
    for name, style, points in series:
        drawn = [(x.at(across), y.at(up)) for across, up in points]
        lines.append(Line(_short(name), style, " ".join(f"{left},{top}" for left, top in drawn), *drawn[-1]))
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    return Chart(
        title,
        _without_overlap(lines),
        tuple(Tick(x.at(value), f"{value:g}") for value in ticks),
        tuple(Tick(y.at(value), f"{value:g}") for value in ticks),
        None,
        x_label,
        dots,
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _line(name: str, style: str, values: Sequence[float], x: Axis, y: Axis) -> Line:
    points = [(x.at(epoch), y.at(value)) for epoch, value in enumerate(values, 1) if math.isfinite(value)]
    end = points[-1] if points else (x.start, y.start)
    return Line(name, style, " ".join(f"{left},{top}" for left, top in points), *end)


def _without_overlap(lines: list[Line], gap: float = 14) -> tuple[Line, ...]:
    """Move the names of two lines that end at the same height apart."""
    moved: list[Line] = []
    for line in sorted(lines, key=lambda line: line.end_y):
        lowest = moved[-1].end_y + gap if moved else line.end_y
        moved.append(Line(line.name, line.style, line.points, line.end_x, max(line.end_y, lowest)))
    return tuple(moved)


def nice_ticks(values: Sequence[float], wanted: int = 4) -> list[float]:
    """Round numbers, at least two, that enclose the values: steps of 1, 2 or 5 times a power of ten."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if high - low < 1e-9 * max(1.0, abs(high)):
        low, high = low - 0.5, high + 0.5
    step = _nice_step((high - low) / wanted)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(index * step, 10) for index in range(first, last + 1)]


def _nice_step(rough: float) -> float:
    power = 10 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * 0.999)


def epoch_ticks(count: int, wanted: int = 6) -> list[int]:
    """Epochs to write on the axis: the first, the last, and round ones between."""
    step = max(1, math.ceil(count / wanted))
    between = [epoch for epoch in range(step, count, step) if 1 < epoch <= count - step / 2]
    return sorted({1, *between, max(count, 1)})
