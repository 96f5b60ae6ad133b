"""finetuner style: a picture in the manner of another."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from finetuner.cli.output import last, print_json, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import StyleTransferred
from finetuner.engine.explanations.play.best_vgg import NONE_HERE, best_vgg
from finetuner.engine.job import Device
from finetuner.engine.requests import StylePart, StyleRequest

_FLAT = Parameter(name="*")
_ADVICE = "Download one with: finetuner backbones --download vgg19; or name a file with --weights."


def style(
    content: Path,
    style: Path,
    *,
    out: Path,
    how: Annotated[StylePart | None, _FLAT] = None,
    device: Device = "auto",
    json: bool = False,
) -> None:
    """Paint the image CONTENT in the manner of the image STYLE, as a VGG sees both.

    It shows what such a network knows of textures; it needs no run.

    Parameters
    ----------
    content
        What is shown: the picture becomes as large as this image.
    style
        How it is painted.
    out
        The picture to write (PNG).
    device
        Where it is painted.
    json
        Print the result as JSON.
    """
    given = (how or StylePart()).model_dump()
    _paint(StyleRequest(content=content, style=style, out=out, device=device, **given), json)


def _paint(request: StyleRequest, json: bool) -> None:
    from finetuner.engine.launchers.tasks import generator

    if request.weights is None and best_vgg() is None:
        raise FinetunerError(NONE_HERE, _ADVICE)
    made = last(generator(request))
    assert isinstance(made, StyleTransferred)
    if json:
        print_json(made.model_dump(mode="json", exclude={"kind"}))
    else:
        say(f"{readable(made.path)} ({readable(made.network)}, {made.seconds:.0f} s). {made.sentence}")
