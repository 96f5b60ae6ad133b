"""One image, one answer, and where the network looked for it."""

import difflib
import io
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from finetuner.engine.backbones.deployed import Trained, load_best
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Explained, Notice, Progress
from finetuner.engine.explanations.explanation import explanation
from finetuner.engine.explanations.render import coloured, normalised, overlay
from finetuner.engine.explanations.target import target_layer
from finetuner.engine.files import write_bytes
from finetuner.engine.requests import ExplainRequest

_HEAT_SIDE = 448


def explain(request: ExplainRequest) -> Iterator[Event]:
    """Answer an ExplainRequest: Progress, Explained. Writes `out` and beside it the bare map, `out.heat.png`.

    Raises FinetunerError: no such method, class or layer, no model, an unreadable image, no room to write.
    """
    start = time.monotonic()
    method = explanation(request.method)
    yield Progress(activity="Opening the model", done=0)
    trained, photo = load_best(request.run), open_rgb(request.image)
    images = trained.deployed.preprocess(torch.from_numpy(np.array(photo))[None])
    index, probability = _answer(trained, images, request.label)
    layer = request.layer or target_layer(trained.network.model, images)
    yield Progress(activity=f"Explaining with {request.method}", done=0)
    found = method.explain(trained.network.model, layer, images, torch.tensor([index]))
    heat = normalised(found[0].detach().numpy())
    if not heat.any():
        yield Notice(sentence=f"At {layer}, nothing in the image speaks for {trained.classes[index]}.")
    permille = trained.deployed.preprocess.crop_permille
    yield Explained(
        image=str(request.image),
        method=request.method,
        layer=layer,
        label=trained.classes[index],
        probability=probability,
        overlay=_save(overlay(photo, heat, permille), request.out),
        heat=_save(coloured(heat, _HEAT_SIDE), request.out.with_name(f"{request.out.name}.heat.png")),
        seconds=time.monotonic() - start,
    )


def _answer(trained: Trained, images: torch.Tensor, label: str | None) -> tuple[int, float]:
    """The class to explain, the most probable one unless it is given, and its probability."""
    with torch.no_grad():
        logits = trained.network.model(images)
    shares = torch.softmax(logits / trained.temperature, dim=1)[0]
    index = int(shares.argmax()) if label is None else class_index(label, trained.classes)
    return index, float(shares[index])


def class_index(label: str, classes: Sequence[str]) -> int:
    """Where a class stands. Raises FinetunerError with the closest names for a wrong one."""
    if label in classes:
        return list(classes).index(label)
    near = difflib.get_close_matches(label, classes, 3) or list(classes[:10])
    raise FinetunerError(f"The run knows no class called {label}.", f"It knows: {', '.join(near)}.")


def _save(picture: Image.Image, path: Path) -> str:
    content = io.BytesIO()
    picture.save(content, "PNG")
    try:
        write_bytes(path, content.getvalue())
    except OSError as error:
        raise FinetunerError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error
    return str(path)
