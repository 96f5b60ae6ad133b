"""TCAV (Kim et al., Interpretability Beyond Feature Attribution, 2018): does a concept matter for a class?"""

import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from finetuner.engine.backbones.deployed import Trained, load_best
from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ConceptScore, ConceptTested, Event, Notice, Progress
from finetuner.engine.explanations.concepts import significance
from finetuner.engine.explanations.concepts.activations import activations, derivatives, middle_layer
from finetuner.engine.explanations.concepts.directions import Directions, directions
from finetuner.engine.explanations.concepts.pictures import files_in, images_by_class
from finetuner.engine.explanations.progress import reported
from finetuner.engine.explanations.subject import class_index
from finetuner.engine.explanations.tap import submodule
from finetuner.engine.requests import ConceptRequest

FEWEST = 10
"""Images of a concept; twice as many random ones, since those are also compared with each other."""
FEWEST_OF_A_CLASS = 4
MOST_OF_THE_CONCEPT = 100
MOST_RANDOM = 300


class _Asked(NamedTuple):
    """What stays the same for all classes."""

    model: nn.Module
    trained: Trained
    layer: str
    concept: str


def concept(request: ConceptRequest) -> Iterator[Event]:
    """Answer a ConceptRequest: Progress..., ConceptTested. Closing it leaves nothing behind.

    Raises FinetunerError: no such run, class or layer, or too few images of the concept, at random, or of the class.
    """
    start = time.monotonic()
    shown, others = files_in(request.concept, MOST_OF_THE_CONCEPT), files_in(request.random, MOST_RANDOM)
    _refuse_too_few(request, len(shown), len(others))
    yield Progress(activity="Opening the model", done=0)
    asked = _asked(request)
    images = _images(request, asked.trained.classes)
    positive = yield from _activations(asked, shown, "Looking at the concept")
    negative = yield from _activations(asked, others, "Looking at random images")
    _refuse_too_few(request, len(positive), len(negative))
    found = yield from reported(directions(positive, negative, request.draws, request.seed), "Drawing directions")
    scores = yield from _scores(asked, found, images)
    yield ConceptTested(
        concept=asked.concept,
        layer=asked.layer,
        draws=request.draws,
        concept_images=len(positive),
        random_images=len(negative),
        accuracy=found.accuracy,
        scores=tuple(scores),
        seconds=time.monotonic() - start,
    )


def _asked(request: ConceptRequest) -> _Asked:
    trained = load_best(request.run)
    model, size = trained.network.model, trained.network.preprocessing.input_size
    if request.layer:
        submodule(model, request.layer)
    layer = request.layer or middle_layer(model, torch.zeros(1, 3, size, size))
    return _Asked(model, trained, layer, readable(request.concept.absolute().name))


def _refuse_too_few(request: ConceptRequest, shown: int, others: int) -> None:
    """Before any work, and again when it is known which files can be read."""
    if shown < FEWEST:
        raise FinetunerError(
            f"There are {shown} images of the concept in {request.concept}, too few to tell it by.",
            f"Give at least {FEWEST}, better 30 or more.",
        )
    if others < 2 * FEWEST:
        raise FinetunerError(
            f"There are {others} random images in {request.random}, too few to know what chance does.",
            f"Give at least {2 * FEWEST}, better twice as many as of the concept.",
        )


def _images(request: ConceptRequest, classes: tuple[str, ...]) -> dict[str, list[Path]]:
    """The images of each class that is asked about. Raises FinetunerError when there are too few."""
    labels = classes if request.label is None else (classes[class_index(request.label, classes)],)
    found = images_by_class(request.run, labels)
    enough = {label: paths for label, paths in found.items() if len(paths) >= FEWEST_OF_A_CLASS}
    if not enough:
        which = "any class" if request.label is None else readable(request.label)
        raise FinetunerError(
            f"The run knows fewer than {FEWEST_OF_A_CLASS} images of {which}, too few for a share.",
            "Train on more images.",
        )
    return enough


def _activations(asked: _Asked, paths: list[Path], activity: str) -> Generator[Event, None, Tensor]:
    """With a word on those that cannot be read."""
    steps = activations(asked.model, asked.layer, asked.trained.deployed.preprocess, paths)
    found = yield from reported(steps, activity)
    if len(found) < len(paths):
        yield Notice(sentence=f"{len(paths) - len(found)} of {len(paths)} files are no images that can be read.")
    return found


def _scores(
    asked: _Asked, found: Directions, images: dict[str, list[Path]]
) -> Generator[Event, None, list[ConceptScore]]:
    scores = list[ConceptScore]()
    for label, paths in images.items():
        target = asked.trained.classes.index(label)
        steps = derivatives(asked.model, asked.layer, asked.trained.deployed.preprocess, paths, target, found.vectors)
        slopes = (yield from reported(steps, f"Looking at {readable(label)}")).numpy()
        if len(slopes) < FEWEST_OF_A_CLASS:
            yield Notice(sentence=f"Too few images of {readable(label)} can be read.", level="warning")
            continue
        if _is_straight(significance.shares_of(slopes)):
            yield Notice(
                sentence=f"From {asked.layer} on, every image of {readable(label)} gives the same sign in each draw.",
                next_step="An earlier layer tells more.",
                level="warning",
            )
        scores.append(_score(asked, label, slopes, found.draws, len(images)))
    if not scores:
        raise FinetunerError("None of the run's images can be read.", "Put them back where they were.")
    return scores


def _is_straight(shares: significance.Draws) -> bool:
    return bool(np.isin(shares, (0.0, 1.0)).all())


def _score(asked: _Asked, label: str, slopes: NDArray[np.float32], draws: int, tests: int) -> ConceptScore:
    shares = significance.shares_of(slopes)
    score, by_chance = float(shares[:draws].mean()), float(shares[draws:].mean())
    p = significance.p_value(slopes, draws, tests)
    speaks = significance.speaks(score, by_chance, p)
    return ConceptScore(
        label=label,
        images=len(slopes),
        score=score,
        by_chance=by_chance,
        p_value=p,
        speaks=speaks,
        sentence=_sentence(asked.concept, readable(label), score, p, speaks),
    )


def _sentence(name: str, label: str, score: float, p: float, speaks: significance.Speaks) -> str:
    figures = f"{score:.0%} of its images, {significance.written(p)}"
    if speaks == "unclear":
        return f"No sign that {name} matters for {label}: not to be told from random images ({figures})."
    return f"{name} speaks {speaks} {label}: {'only ' if speaks == 'against' else ''}{figures}."
