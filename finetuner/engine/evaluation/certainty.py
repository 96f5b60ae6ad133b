"""When a figure rests on too few images to say anything, and how a figure is written so that this is seen.

One rule for every place that shows a figure: it tells nothing where fewer than `FEWEST` images stand behind it, or
where its 95 % interval is wider than `WIDEST`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line imports this file before it knows whether numbers are needed
    from finetuner.engine.evaluation.intervals import Interval
    from finetuner.engine.events import ClassScore

FEWEST = 20
WIDEST = 0.25
TOO_FEW = "too few images to tell"


def tells(n: int, interval: Interval | None) -> bool:
    """Whether a share that was counted on `n` images says anything; without an interval only `n` is judged."""
    return n >= FEWEST and (interval is None or interval[1] - interval[0] <= WIDEST)


def class_tells(row: ClassScore) -> bool:
    """The same of a class: its recall is counted on its own images, F1 on those that are it or were said to be."""
    return tells(row.support, row.recall_interval) and tells(row.support, row.f1_interval)


def beside(n: int, interval: Interval | None) -> str:
    """What stands beside a share: `95 % interval 91.7 – 98.2 %, n = 153`, and the words of doubt."""
    parts = [f"95 % interval {written(interval)}"] if interval is not None else []
    parts.append(f"n = {n:,}")
    if not tells(n, interval):
        parts.append(TOO_FEW)
    return ", ".join(parts)


def written(interval: Interval) -> str:
    """`91.7 – 98.2 %`, with narrow spaces that do not break."""
    return f"{interval[0] * 100:.1f}\u202f–\u202f{interval[1] * 100:.1f}\u202f%"
