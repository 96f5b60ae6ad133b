"""Why this answer? Images in, pictures out, each with what there is to say about it."""

import time
from collections.abc import Generator, Iterator

from PIL import Image
from torch import Tensor

from finetuner.engine.backbones.deployed import Trained, load_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Explained, Notice, Progress
from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.explanations.explanation import drawing, explanation, stepwise
from finetuner.engine.explanations.keep import save, save_map
from finetuner.engine.explanations.order import Piece, is_single, pieces
from finetuner.engine.explanations.progress import reported
from finetuner.engine.explanations.render import coloured, normalised, overlay
from finetuner.engine.explanations.subject import Subject, class_index, subject
from finetuner.engine.explanations.tap import submodule
from finetuner.engine.explanations.target import target_layer
from finetuner.engine.explanations.trust import judged
from finetuner.engine.requests import ExplainRequest

_HEAT_SIDE = 448


def explain(request: ExplainRequest) -> Iterator[Event]:
    """Answer an ExplainRequest: Progress..., Explained; for several images or methods Explained..., Notice...

    Raises FinetunerError: no such method, class or layer, no model, an unreadable image, no room to write. Of several
    images or methods, those that do not fit are told and left out; it is an error only when all of them are.
    """
    ordered = pieces(request)
    yield Progress(activity="Opening the model", done=0)
    trained = load_best(request.run)
    _refuse_unknown(trained, request)
    if is_single(request):
        yield from _explained(request, trained, ordered[0])
    else:
        yield from _each(request, trained, ordered)


def _each(request: ExplainRequest, trained: Trained, ordered: list[Piece]) -> Iterator[Event]:
    """Piece by piece; the same trouble is told once."""
    told, made = set[str](), 0
    for piece in ordered:
        try:
            yield from _explained(request, trained, piece)
            made += 1
        except FinetunerError as error:
            sentence = f"{piece.method}: {error.sentence}"
            if sentence not in told:
                told.add(sentence)
                yield Notice(sentence=sentence, next_step=error.next_step, level="warning")
    if not made:
        raise FinetunerError("Not one picture could be made.", "The lines above say why.")


def _explained(request: ExplainRequest, trained: Trained, piece: Piece) -> Iterator[Event]:
    """One piece: Progress..., Explained."""
    start = time.monotonic()
    asked = subject(request.run, trained, piece.image, request.label)
    yield Progress(activity=_activity(piece), done=0)
    make = _mapped if EXPLANATIONS[piece.method].draws == "map" else _pictured
    found = yield from make(request, asked, piece)
    yield found.model_copy(update={"seconds": time.monotonic() - start})


def _pictured(request: ExplainRequest, asked: Subject, piece: Piece) -> Generator[Event, None, Explained]:
    """A picture of its own."""
    drawn = yield from reported(drawing(piece.method).draw(asked, request.layer), _activity(piece))
    path = save(Image.fromarray(drawn.picture), piece.out, _texts(asked, piece, drawn.layer))
    return _event(asked, piece, drawn.layer, path).model_copy(update={"sentence": drawn.sentence})


def _mapped(request: ExplainRequest, asked: Subject, piece: Piece) -> Generator[Event, None, Explained]:
    """Heat on the photo."""
    entry, method = EXPLANATIONS[piece.method], explanation(piece.method, asked.pixels)
    layer = (request.layer or target_layer(asked.model, asked.images)) if entry.at_layer else ""
    steps = stepwise(method.explain(asked.model, layer, asked.images, asked.targets))
    found = (yield from reported(steps, _activity(piece)))[0].detach()
    if not found.any():
        where = f"At {layer}, nothing" if layer else "Nothing"
        yield Notice(sentence=f"{where} in the image speaks for {asked.label}.")
    trust = (yield from reported(judged(asked, method, layer, found), "Checking")) if request.trust else None
    if request.map is not None:
        save_map(found, request.map)
    drawn, heat = _drawn(asked, piece, layer, found)
    return _event(asked, piece, layer, drawn).model_copy(update={"heat": heat, "trust": trust})


def _event(asked: Subject, piece: Piece, layer: str, path: str) -> Explained:
    return Explained(
        image=str(piece.image),
        method=piece.method,
        layer=layer,
        label=asked.label,
        probability=asked.probability,
        overlay=path,
        heat="",
        seconds=0.0,
    )


def _activity(piece: Piece) -> str:
    return f"Explaining with {EXPLANATIONS[piece.method].title}"


def _drawn(asked: Subject, piece: Piece, layer: str, found: Tensor) -> tuple[str, str]:
    """The overlay and the bare map as files; an empty name where none is wanted."""
    heat, signed = normalised(found.float().numpy()), EXPLANATIONS[piece.method].signed
    texts = _texts(asked, piece, layer)
    permille = asked.trained.deployed.preprocess.crop_permille
    drawn = save(overlay(asked.photo, heat, permille, signed), piece.out, texts)
    return drawn, save(coloured(heat, _HEAT_SIDE, signed), piece.heat, texts) if piece.heat else ""


def _texts(asked: Subject, piece: Piece, layer: str) -> dict[str, str]:
    """What the file says of itself."""
    model = f"{asked.trained.network.name}, {asked.run.name}"
    return {"method": piece.method, "layer": layer, "class": asked.label, "model": model, "image": piece.image.name}


def _refuse_unknown(trained: Trained, request: ExplainRequest) -> None:
    """Before any work: a class or a layer that there is not."""
    if request.label is not None:
        class_index(request.label, trained.classes)
    if request.layer is not None:
        submodule(trained.network.model, request.layer)
