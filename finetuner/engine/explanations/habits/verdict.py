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
    worst = next((place for place in places if place.suspicion == "suspicious"), None)
    if worst:
        return f"{name} is decided by the {worst.place} in {_share(worst)}: suspicious."
    told = " and ".join(f"by the {place.place} in {_share(place)}" for place in places if place.n)
    few = any(place.suspicion == "too-few" for place in places)
    end = "too few images to tell whether that is much" if few else "nothing suspicious"
    return f"{name} is decided {told}: {end}."


def _share(place: PlaceHabit) -> str:
    low, high = place.decided_interval
    return f"{place.decided:.0%} of cases (n = {place.n}, 95 % interval {low:.0%} to {high:.0%})"
