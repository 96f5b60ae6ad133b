"""From the figures of each backbone to an order, an efficient frontier, and a sentence. Torch-free."""

from collections.abc import Sequence

from finetuner.engine.events import BackboneAdvice

AS_GOOD = 0.005
"""Half a point: less than that is not worth waiting for."""


def ranked(advice: Sequence[BackboneAdvice]) -> tuple[BackboneAdvice, ...]:
    """The recommended one first, then by accuracy; LogME decides between equals."""
    by_accuracy = sorted(advice, key=lambda one: (one.accuracy, one.logme), reverse=True)
    if not by_accuracy:
        return ()
    as_good = [one for one in by_accuracy if one.accuracy >= by_accuracy[0].accuracy - AS_GOOD]
    first = min(as_good, key=lambda one: one.milliseconds)
    return (first, *(one for one in by_accuracy if one is not first))


def frontier(advice: Sequence[BackboneAdvice]) -> tuple[str, ...]:
    """The names of those that no other beats in both accuracy and time, fastest first."""
    found: list[BackboneAdvice] = []
    for one in sorted(advice, key=lambda one: (one.milliseconds, -one.accuracy)):
        if not found or one.accuracy > found[-1].accuracy:
            found.append(one)
    return tuple(one.name for one in found)


def sentence(ranking: Sequence[BackboneAdvice], images: int) -> str:
    """Why the first is recommended."""
    if not ranking:
        return "None of the backbones on this disk could be tried."
    first, *others = ranking
    share = f"{first.name} named {first.accuracy:.0%} of {images} held-out images ({_interval(first)})"
    if not others:
        return f"{share}. It is the only one on this disk."
    return f"{share}, {_compared(first, others)}, at {_time(first)} an image. {_caution(first, others)}".rstrip()


def _compared(first: BackboneAdvice, others: Sequence[BackboneAdvice]) -> str:
    best = max(others, key=lambda one: one.accuracy)
    if best.accuracy > first.accuracy:
        share = first.milliseconds / best.milliseconds
        return f"as many as {best.name} to within half a point in {share:.0%} of its time"
    return f"{_points(first.accuracy - best.accuracy)} more than {best.name}"


def _caution(first: BackboneAdvice, others: Sequence[BackboneAdvice]) -> str:
    """Say so when the images are too few to tell the first from the next."""
    near = [one.name for one in others if one.high > first.low and one.accuracy < first.accuracy]
    return f"Too few images to tell it from {_listed(near)} for certain." if near else ""


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} others"


def _points(difference: float) -> str:
    points = 100 * difference
    return "no point" if points < 0.05 else f"{points:.1f} point{'' if round(points, 1) == 1 else 's'}"


def _interval(one: BackboneAdvice) -> str:
    return f"{one.low:.0%} to {one.high:.0%}"


def _time(one: BackboneAdvice) -> str:
    return f"{one.milliseconds:.1f} ms" if one.milliseconds < 10 else f"{one.milliseconds:.0f} ms"
