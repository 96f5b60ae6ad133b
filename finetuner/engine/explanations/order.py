"""What an ExplainRequest orders: which images, by which methods, and where each picture goes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from finetuner.engine.dataset.walk import Walk
from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.explanations.explanation import refuse_unknown
from finetuner.engine.requests import ExplainRequest

ALL = "all"


@dataclass(frozen=True)
class Piece:
    """One picture: `method` applied to `image`, written to `out`; the bare map, if any, beside it to `heat`."""

    image: Path
    method: str
    out: Path
    heat: Path | None


def is_single(request: ExplainRequest) -> bool:
    """One image and one method: trouble is then the end, and `out` names a file."""
    return request.method != ALL and not request.image.is_dir()


def pieces(request: ExplainRequest) -> list[Piece]:
    """Image by image, each by the methods in the order of the menu.

    Raises FinetunerError for an unknown method and a folder without files.
    """
    if request.method != ALL:
        refuse_unknown(request.method)
    if is_single(request) and not request.out.is_dir():
        heat = request.out.with_name(f"{request.out.name}.heat.png")
        return [Piece(request.image, request.method, request.out, heat)]
    methods = list(EXPLANATIONS) if request.method == ALL else [request.method]
    images = dict(_images(request.image))
    if not images:
        raise FinetunerError(f"There is no file in {request.image}.", "Give an image or a folder of images.")
    return [
        Piece(image, method, request.out / f"{name}.{method}.png", None)
        for image, name in images.items()
        for method in methods
    ]


def _images(source: Path) -> Iterator[tuple[Path, str]]:
    """Every file with its name below `source`, slashes included, so that no two pictures share a name."""
    if not source.is_dir():
        yield source, source.name
        return
    for entry in Walk(source):
        if not entry.reason:
            name = Path(entry.path).relative_to(source.absolute())
            yield source / name, str(name)
