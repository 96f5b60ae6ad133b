"""What every class of a run hangs on: images in, ShortcutsMeasured out. They are read twice rather than all kept."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from finetuner.engine.backbones.deployed import Trained, load_best
from finetuner.engine.dataset.unreadable import UnreadableImage
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ClassHabit, Event, PredictionRow, Progress, ShortcutsMeasured
from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.explanations.explanation import Step, explanation, refuse_unknown, stepwise
from finetuner.engine.explanations.habits.conflict import JUDGES, Photo, decides, judges
from finetuner.engine.explanations.habits.picture import draw
from finetuner.engine.explanations.habits.places import PLACES, coarse, fine, places
from finetuner.engine.explanations.habits.tally import Tally
from finetuner.engine.explanations.habits.verdict import judged, mirrored
from finetuner.engine.explanations.subject import Subject, subject
from finetuner.engine.explanations.target import target_layer
from finetuner.engine.requests import ShortcutsRequest
from finetuner.engine.run_store.run_folder import RunFolder

Item = TypeVar("Item")
LOOKING, COMPARING = "Looking where each class is looked for", "Setting places against subjects"


def shortcuts(request: ShortcutsRequest) -> Iterator[Event]:
    """Answer a ShortcutsRequest: Progress after each image, ShortcutsMeasured.

    Raises FinetunerError: no such method, one that draws no map or does not fit the network, no model, no image.
    """
    _refuse(request.method)
    yield Progress(activity="Opening the model", done=0)
    trained, chosen = load_best(request.run), _chosen(request)
    tallies = {name: Tally() for name in trained.classes}
    layer = yield from _look(request, trained, chosen, tallies)
    if not any(tally.rows for tally in tallies.values()):
        raise FinetunerError("None of the validation images can be read any more.", "Is their disk connected?")
    yield from _compare(request.run, trained, tallies)
    habits = tuple(_habit(request, number, *each, len(tallies)) for number, each in enumerate(tallies.items()))
    yield ShortcutsMeasured(method=request.method, layer=layer, classes=mirrored(habits))


def _look(
    request: ShortcutsRequest, trained: Trained, chosen: Sequence[tuple[Path, str]], tallies: dict[str, Tally]
) -> Generator[Event, None, str]:
    """Answers and maps, image by image; the layer they were taken at."""
    layer = ""
    for number, (path, label) in enumerate(chosen):
        try:
            asked = subject(request.run, trained, path, label)
        except UnreadableImage:
            continue
        layer = layer or _layer(request.method, asked)
        heat = yield from _heat(request.method, asked, layer, number, len(chosen))
        shown = asked.pixels.shown(asked.images)[0]
        tallies[label].add(_row(asked), shown, heat, places(shown))
        yield Progress(activity=LOOKING, done=number + 1, total=len(chosen))
    return layer


def _compare(run: Path, trained: Trained, tallies: dict[str, Tally]) -> Iterator[Event]:
    """Lay the places of all images that are answered rightly into photos of other classes."""
    model, right = trained.network.model, {name: tally.right for name, tally in tallies.items()}
    panel = [_photo(run, trained, path, name) for path, name in _panel(right)]
    steady = dict[str, list[Photo]]()
    for place in PLACES:
        steady[place] = yield from _reported(judges(model, panel, place))
    cases = [(path, name) for name, paths in right.items() for path in paths]
    for number, (path, name) in enumerate(cases):
        photo = _photo(run, trained, path, name)
        for place in PLACES:
            tallies[name].note(str(path), place, decides(model, photo, place, steady[place], number))
        yield Progress(activity=COMPARING, done=number + 1, total=len(cases))


def _panel(right: Mapping[str, Sequence[Path]]) -> list[tuple[Path, str]]:
    """Photos to stand against places: pairs of every class at least, of as many classes as there is room for."""
    classes = _evenly([name for name, paths in right.items() if paths], JUDGES // 2)
    return [(path, name) for name in classes for path in _evenly(right[name], JUDGES // len(classes))]


def _photo(run: Path, trained: Trained, path: Path, label: str) -> Photo:
    asked = subject(run, trained, path, label)
    where = places(asked.pixels.shown(asked.images)[0])
    side = asked.images.shape[-1]
    return Photo(asked.images[0], asked.target, {name: fine(place, side) for name, place in where.items()})


def _reported(steps: Generator[Step, None, list[Photo]]) -> Generator[Event, None, list[Photo]]:
    """As Progress, with the same result."""
    with closing(steps):
        while True:
            try:
                done, total = next(steps)
            except StopIteration as end:
                found: list[Photo] = end.value
                return found
            yield Progress(activity="Looking for photos that keep their class", done=done, total=total)


def _refuse(method: str) -> None:
    refuse_unknown(method)
    if EXPLANATIONS[method].draws != "map":
        maps = ", ".join(name for name, entry in EXPLANATIONS.items() if entry.draws == "map")
        raise FinetunerError(f"The method {method} draws no map of an image.", f"Choose one of: {maps}.")


def _chosen(request: ShortcutsRequest) -> list[tuple[Path, str]]:
    """So many validation images of each class at most, evenly from all of them."""
    of_class = dict[str, list[Path]]()
    for path, label in RunFolder.open(request.run).pinned("val"):
        of_class.setdefault(label, []).append(path)
    return [(path, label) for label, paths in of_class.items() for path in _evenly(paths, request.count)]


def _evenly(items: Sequence[Item], count: int) -> list[Item]:
    numbers = np.unique(np.linspace(0, len(items) - 1, min(count, len(items))).round().astype(int)) if items else ()
    return [items[number] for number in numbers]


def _layer(method: str, asked: Subject) -> str:
    return target_layer(asked.model, asked.images) if EXPLANATIONS[method].at_layer else ""


def _heat(method: str, asked: Subject, layer: str, done: int, total: int) -> Generator[Event, None, Tensor]:
    """The map of one image, CELLS,CELLS. A long method may be stopped between two passes."""
    made = explanation(method, asked.pixels).explain(asked.model, layer, asked.images, asked.targets)
    with closing(stepwise(made)) as steps:
        while True:
            try:
                next(steps)
            except StopIteration as end:
                maps: Tensor = end.value
                return coarse(maps[0].detach())
            yield Progress(activity=LOOKING, done=done, total=total)


def _row(asked: Subject) -> PredictionRow:
    """The image's answer, as everywhere."""
    with torch.no_grad():
        shares = torch.softmax(asked.model(asked.images)[0] / asked.trained.temperature, dim=0)
    answer = int(shares.argmax())
    classes = asked.trained.classes
    return PredictionRow(
        source=str(asked.path), label=classes[answer], probability=float(shares[answer]), truth=asked.label
    )


def _habit(request: ShortcutsRequest, number: int, name: str, tally: Tally, classes: int) -> ClassHabit:
    picture = ""
    if request.out is not None and tally.rows:
        picture = draw(tally, number, request.out, {"class": name, "method": request.method, "images": str(tally.n)})
    return judged(name, tally, classes, picture)
