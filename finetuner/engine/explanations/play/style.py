"""A picture in the manner of another."""

import time
from collections.abc import Generator, Iterator

import torch

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Event, Progress, StyleTransferred
from finetuner.engine.explanations.explanation import Step
from finetuner.engine.explanations.keep import save
from finetuner.engine.explanations.play.adain import adain, open_decoder
from finetuner.engine.explanations.play.canvas import painted, photo, picture_of
from finetuner.engine.explanations.play.gatys import Painted, gatys
from finetuner.engine.explanations.play.vgg import Vgg, open_vgg
from finetuner.engine.explanations.progress import reported
from finetuner.engine.requests import StyleRequest
from finetuner.engine.training.hardware import choose_device

_TITLES = {"gatys": "Painting by gradients", "adain": "Painting with AdaIN"}


def style_transfer(request: StyleRequest) -> Iterator[Event]:
    """Answer a StyleRequest: Progress..., StyleTransferred. Closed before its end, it writes nothing.

    Raises FinetunerError: no VGG's weights, no decoder for AdaIN, an unreadable image, no room to write.
    """
    start = time.monotonic()
    _refuse_what_does_not_fit(request)
    content, style = photo(request.content), photo(request.style)
    yield Progress(activity="Opening the network", done=0)
    device = choose_device(request.device)
    vgg = open_vgg(request.weights, device)
    steps = _steps(request, vgg, *(painted(each, request.side, device) for each in (content, style)))
    found = yield from reported(steps, _TITLES[request.method])
    path = save(picture_of(found.values, content.size), request.out, _texts(request, vgg))
    yield StyleTransferred(
        content=str(request.content),
        style=str(request.style),
        path=path,
        method=request.method,
        network=vgg.name,
        seconds=time.monotonic() - start,
        sentence=found.sentence,
    )


def _steps(
    request: StyleRequest, vgg: Vgg, content: torch.Tensor, style: torch.Tensor
) -> Generator[Step, None, Painted]:
    if request.method == "gatys":
        return gatys(vgg, content, style, request.strength, request.steps)
    decoder = open_decoder(request.decoder, vgg, content.device)
    return adain(vgg, decoder, content, style, request.strength)


def _refuse_what_does_not_fit(request: StyleRequest) -> None:
    """Before any work."""
    if request.method == "gatys" and request.decoder:
        raise FinetunerError("Only adain paints by a decoder.", "Choose the method adain, or give no decoder.")
    if request.method == "adain" and request.strength > 1:
        raise FinetunerError("adain goes from strength 0 to 1, all of the style.", "Give a strength of at most 1.")


def _texts(request: StyleRequest, vgg: Vgg) -> dict[str, str]:
    """What the file says of itself."""
    return {
        "method": f"style-transfer, {request.method}",
        "model": vgg.name,
        "content": request.content.name,
        "style": request.style.name,
        "strength": f"{request.strength:g}",
    }
