"""How a model bears what may happen to a photo: its accuracy at each strength of each disturbance."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.dataset.randomness import mix
from finetuner.engine.dataset.unreadable import UnreadableImage
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.findings import keep_findings
from finetuner.engine.evaluation.intervals import wilson
from finetuner.engine.events import Event, Progress, RobustnessMeasured, RobustnessPoint
from finetuner.engine.prediction.disturbances import DISTURBANCES
from finetuner.engine.prediction.predictor import Predictor, open_model
from finetuner.engine.requests import RobustnessRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.publishing import publish

LONGEST_SIDE = 640
"""Larger photos are shrunk first; what the network sees is smaller still."""
Case = tuple[str, float]
UNDISTURBED: Case = ("none", 0.0)


def robustness(request: RobustnessRequest) -> Iterator[Event]:
    """Answer a RobustnessRequest: Progress after each image, RobustnessMeasured.

    Every image is seen in all versions. Raises FinetunerError when the run or all of its images cannot be read.
    """
    yield Progress(activity="Opening the model", done=0)
    predictor, chosen = open_model(request.run), _chosen(request)
    hits, seen = Counter[Case](), 0
    for number, (path, label) in enumerate(chosen):
        try:
            photo = open_rgb(path, at_least=LONGEST_SIDE)
        except UnreadableImage:
            continue
        seen += 1
        hits.update(_hits(predictor, photo, label, number))
        yield Progress(activity="Disturbing the images", done=number + 1, total=len(chosen))
    if not seen:
        raise FinetunerError("None of the validation images can be read any more.", "Is their disk connected?")
    found = RobustnessMeasured(images=seen, points=tuple(_point(case, hits[case], seen) for case in cases()))
    run = RunFolder.open(request.run)
    if run.metrics_file.exists():
        keep_findings(run.path, robustness=found)
        publish(run)
    yield found


def cases() -> list[Case]:
    """The image as it is, then every disturbance at every strength."""
    return [UNDISTURBED, *((name, strength) for name, kind in DISTURBANCES.items() for strength in kind.strengths)]


def _chosen(request: RobustnessRequest) -> Sequence[tuple[Path, str]]:
    """So many validation images, evenly from all of them, which lie class by class."""
    images = RunFolder.open(request.run).pinned("val")
    places = np.unique(np.linspace(0, len(images) - 1, min(request.count, len(images))).round().astype(int))
    return [images[place] for place in places]


def _hits(predictor: Predictor, photo: Image.Image, label: str, number: int) -> list[Case]:
    """The cases in which the answer is right."""
    photo.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BILINEAR)
    random = np.random.default_rng(mix(number))
    versions = [np.asarray(_version(photo, case, random)) for case in cases()]
    answers = predictor.predict(versions).argmax(axis=1)
    return [case for case, answer in zip(cases(), answers, strict=True) if predictor.classes[answer] == label]


def _version(photo: Image.Image, case: Case, random: np.random.Generator) -> Image.Image:
    name, strength = case
    return photo if case == UNDISTURBED else DISTURBANCES[name].apply(photo, strength, random)


def _point(case: Case, hits: int, images: int) -> RobustnessPoint:
    return RobustnessPoint(
        disturbance=case[0], strength=case[1], accuracy=hits / images, accuracy_interval=wilson(hits, images)
    )
