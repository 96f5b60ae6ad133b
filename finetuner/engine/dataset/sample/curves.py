"""Outlines: arrays of points, n x 2, x to the right and y down; a subject fills about the unit circle."""

from collections.abc import Callable, Sequence

import numpy as np

Points = np.ndarray


def smooth(corners: Sequence[tuple[float, float]] | Points, closed: bool = True, steps: int = 10) -> Points:
    """A Catmull-Rom spline through the corners."""
    knots = np.asarray(corners, float)
    ends = (knots[-1:], knots[:2]) if closed else (knots[:1], knots[-1:])
    padded = np.concatenate((ends[0], knots, ends[1]))
    time = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [_piece(padded[i : i + 4], time) for i in range(len(padded) - 3)]
    return np.concatenate(pieces if closed else [*pieces, knots[-1:]])


def _piece(knots: Points, time: np.ndarray) -> Points:
    before, start, end, after = knots
    return 0.5 * (
        2 * start
        + (end - before) * time
        + (2 * before - 5 * start + 4 * end - after) * time**2
        + (3 * start - before - 3 * end + after) * time**3
    )


def ellipse(x: float, y: float, width: float, height: float | None = None, count: int = 48) -> Points:
    """An ellipse around (x, y) with these half axes."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack((x + width * np.cos(angle), y + (height or width) * np.sin(angle)), 1)


def spindle(half_width: Callable[[np.ndarray], np.ndarray], length: float = 1.0, count: int = 60) -> Points:
    """An outline along the x axis from -length to length; `half_width` of 0..1 gives its upper and lower edge."""
    time = np.linspace(0, 1, count)
    x, width = (2 * time - 1) * length, half_width(time)
    return np.concatenate((np.stack((x, -width), 1), np.stack((x, width), 1)[::-1]))


def turned(points: Points, degrees: float) -> Points:
    """Rotated around the origin, clockwise on the screen."""
    angle = np.deg2rad(degrees)
    return points @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def mirrored(points: Points) -> Points:
    """Left and right exchanged."""
    return points * np.array([-1.0, 1.0])
