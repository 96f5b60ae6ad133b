"""finetuner style: a picture in the manner of another."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from finetuner.cli.output import last, print_json, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.events import StyleTransferred
from finetuner.engine.job import Device
from finetuner.engine.requests import StyleRequest

_STRENGTH = "How much of the style. gatys: 1 is a balance, more is more. adain: from 0 to 1."
_SIDE = "The longest side of the picture while it is painted; time and memory grow with its square."
_Strength = Annotated[float, Parameter(help=_STRENGTH, validator=Number(gte=0, lte=100))]
_Steps = Annotated[int, Parameter(help="gatys: how many steps.", validator=Number(gte=1, lte=10_000))]
_Side = Annotated[int, Parameter(help=_SIDE, validator=Number(gte=32, lte=4096))]


def style(
    content: Path,
    style: Path,
    *,
    out: Path,
    method: Literal["gatys", "adain"] = "gatys",
    strength: _Strength = 1.0,
    steps: _Steps = 200,
    side: _Side = 384,
    weights: Path | None = None,
    decoder: Path | None = None,
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
    method
        gatys: painted step by step, by gradients. adain: in one pass, by a decoder that was trained for it.
    weights
        A VGG's weights; default: the largest VGG on this disk. adain: the encoder of the decoder.
    decoder
        adain: the decoder's weights.
    device
        Where it is painted.
    json
        Print the result as JSON.
    """
    look = {"method": method, "strength": strength, "steps": steps, "side": side}
    files = {"content": content, "style": style, "out": out, "weights": weights, "decoder": decoder}
    _paint(StyleRequest.model_validate({**files, **look, "device": device}), json)


def _paint(request: StyleRequest, json: bool) -> None:
    from finetuner.engine.launchers.tasks import generator

    made = last(generator(request))
    assert isinstance(made, StyleTransferred)
    if json:
        print_json(made.model_dump(mode="json", exclude={"kind"}))
    else:
        say(f"{readable(made.path)} ({readable(made.network)}, {made.seconds:.0f} s). {made.sentence}")
