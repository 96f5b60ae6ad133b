"""Is a class decided by what is beside the subject? Shares with intervals, and a sentence."""

from statistics import NormalDist

import numpy as np

from finetuner.engine.evaluation.intervals import of_mean, wilson
from finetuner.engine.events import ClassHabit, PlaceHabit, Suspicion
from finetuner.engine.explanations.habits.places import CELLS, SUBJECT, border
from finetuner.engine.explanations.habits.tally import Tally

LIMIT = 0.25
"""The share of right answers from which on a place that should not matter decides too often."""
FEWEST = 10
"""Right answers below which nothing is called suspicious."""
_DOUBT = 0.05
AREAS = {"border": float(border().float().mean()), "background": 1 - round(SUBJECT * CELLS * CELLS) / CELLS**2}
"""The share of an image that each place takes."""


def judged(name: str, tally: Tally, classes: int, picture: str = "") -> ClassHabit:
    """The verdict on one of so many classes."""
    places = tuple(_place(place, tally, classes) for place in AREAS)
    return ClassHabit(
        name=name,
        n=len(tally.rows),
        right=len(tally.right),
        places=places,
        sentence=_sentence(name, tally, places),
        suspicion=_worst(places),
        picture=picture,
        rows=tuple(tally.rows),
    )


def mirrored(habits: tuple[ClassHabit, ...]) -> tuple[ClassHabit, ...]:
    """Of two classes that one place decides, the one that it surely decides less often is the other's mirror.

    What marks one class tells the other by its absence: the border of a plain photo takes the mark away.
    """
    if len(habits) != 2 or {habit.suspicion for habit in habits} != {"suspicious"}:
        return habits
    weak, strong = sorted(habits, key=lambda habit: _leading(habit).decided or 0.0)
    place = _leading(strong)
    faint = next(other for other in weak.places if other.place == place.place)
    if faint.decided_interval[1] >= place.decided_interval[0]:
        return habits
    sentence = (
        f"{weak.name} is decided by the {faint.place} in {_share(faint)}: likely by the absence of what marks"
        f" {strong.name}."
    )
    reflected = weak.model_copy(update={"suspicion": "mirrored", "sentence": sentence})
    return tuple(reflected if habit is weak else habit for habit in habits)


def suspicion(hits: int, n: int, questions: int) -> Suspicion:
    """Whether a share `hits / n` is surely above the limit, surely not, or neither.

    The more places and classes are asked of, the surer (Bonferroni): in one honest run of twenty one is named wrongly.
    """
    strict = NormalDist().inv_cdf(1 - _DOUBT / (2 * questions))
    if n >= FEWEST and wilson(hits, n, strict)[0] > LIMIT:
        return "suspicious"
    return "unsuspicious" if wilson(hits, n)[1] < LIMIT else "too-few"


def _place(place: str, tally: Tally, classes: int) -> PlaceHabit:
    rows, n = tally.decided_by(place), tally.told(place)
    seen = np.array([shares[place] for shares in tally.attention])
    return PlaceHabit.model_validate(
        {
            "place": place,
            "area": AREAS[place],
            "attention": float(seen.mean()) if seen.size else None,
            "attention_interval": of_mean(seen) if seen.size else (0.0, 1.0),
            "n": n,
            "decided": len(rows) / n if n else None,
            "decided_interval": wilson(len(rows), n),
            "suspicion": suspicion(len(rows), n, classes * len(AREAS)),
            "rows": rows,
        }
    )


def _worst(places: tuple[PlaceHabit, ...]) -> Suspicion:
    found = {place.suspicion for place in places}
    return next(word for word in ("suspicious", "too-few", "unsuspicious") if word in found)


def _sentence(name: str, tally: Tally, places: tuple[PlaceHabit, ...]) -> str:
    """The suspicious place, the narrower one first; else both."""
    if not tally.right:
        return f"Of {tally.n} images of {name} none is answered rightly: nothing can be said of what decides."
    if not any(place.n for place in places):
        return f"What decides {name} cannot be told: no photo of another class keeps its answer when a place changes."
    if _worst(places) == "suspicious":
        worst = next(place for place in places if place.suspicion == "suspicious")
        return f"{name} is decided by the {worst.place} in {_share(worst)}: suspicious."
    told = " and ".join(f"by the {place.place} in {_share(place)}" for place in places if place.n)
    few = any(place.suspicion == "too-few" for place in places)
    end = "too few images to tell whether that is much" if few else "nothing suspicious"
    return f"{name} is decided {told}: {end}."


def _share(place: PlaceHabit) -> str:
    low, high = place.decided_interval
    share, least, most = (f"{value * 100:.0f} %" for value in (place.decided or 0.0, low, high))
    return f"{share} of cases (n = {place.n}, 95 % interval {least} to {most})"


def _leading(habit: ClassHabit) -> PlaceHabit:
    """The suspicious place, the narrower one first."""
    return next(place for place in habit.places if place.suspicion == "suspicious")
