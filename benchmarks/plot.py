"""Bars and curves as PNG files, in colours that colour-blind readers can tell apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = ("#3b6fb6", "#d9822b", "#3c9a5f", "#9a4f96", "#7a6a58", "#c8503c", "#5aa9b8")
_PALE, _INK = "#b4bcc8", "#2b3038"
_OURS = "finetuner"
_DOTS_PER_INCH = 110


@dataclass(frozen=True)
class Bars:
    """One bar for each name; `limit`, a name and a value, is a line that says what could be had at best."""

    file: str
    title: str
    axis: str
    values: Mapping[str, float]
    limit: tuple[str, float] | None = None

    def draw(self, axes: "Axes") -> None:
        """Lying bars, the first name on top, each with its value behind it."""
        names = list(self.values)[::-1]
        colours = [_COLOURS[0] if name.startswith(_OURS) else _PALE for name in names]
        bars = axes.barh(names, [self.values[name] for name in names], color=colours, height=0.62)
        axes.bar_label(bars, fmt=lambda value: f"{value:,.3g}", padding=4, color=_INK)
        axes.set_xlabel(self.axis)
        axes.margins(x=0.12)
        if self.limit:
            name, value = self.limit
            axes.axvline(value, color=_COLOURS[1], linestyle="--", label=name)
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), frameon=False)


@dataclass(frozen=True)
class Curves:
    """Lines through points (x, y), each with its name; both axes start at zero, so that a straight one is seen."""

    file: str
    title: str
    across: str
    up: str
    lines: Mapping[str, Sequence[tuple[float, float]]]

    def draw(self, axes: "Axes") -> None:
        """With a dot at every point that was measured."""
        for (name, points), colour in zip(self.lines.items(), _COLOURS, strict=False):
            axes.plot(*zip(*points, strict=True), "o-", label=name, color=colour, linewidth=1.8, markersize=4.5)
        axes.set_xlabel(self.across)
        axes.set_ylabel(self.up)
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.4g}")
        axes.legend(frameon=False, loc="upper left")


Plot = Bars | Curves


def draw(plot: Plot, folder: Path) -> Path:
    """Write `plot.file`.png into the folder."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.6, 4.2), dpi=_DOTS_PER_INCH, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x" if isinstance(plot, Bars) else "both", color="#e6e9ee")
    axes.set_axisbelow(True)
    axes.set_title(plot.title, loc="left", color=_INK, fontsize=12)
    plot.draw(axes)
    figure.savefig(file := folder / f"{plot.file}.png")
    return file
