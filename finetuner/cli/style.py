"""finetuner style: a picture in the manner of another."""

from pathlib import Path
from typing import Literal

from finetuner.cli.output import last, print_json, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.events import StyleTransferred
from finetuner.engine.job import Device
from finetuner.engine.requests import StyleRequest


def style(
    content: Path,
    style: Path,
    *,
    out: Path,
    method: Literal["gatys", "adain"] = "gatys",
    strength: float = 1.0,
    steps: int = 200,
    side: int = 384,
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
    strength
        How much of the style. gatys: 1 is a balance, more is more. adain: from 0 to 1.
    steps
        gatys: how many steps.
    side
        The longest side of the picture while it is painted; time and memory grow with its square.
    weights
        A VGG's weights; default: the largest VGG on this disk. adain: the encoder of the decoder.
    decoder
        adain: the decoder's weights.
    device
        Where it is painted.
    json
        Print the result as JSON.
    """
    from finetuner.engine.launchers.tasks import generator

    request = StyleRequest(
        content=content,
        style=style,
        out=out,
        method=method,
        strength=strength,
        steps=steps,
        side=side,
        weights=weights,
        decoder=decoder,
        device=device,
    )
    made = last(generator(request))
    assert isinstance(made, StyleTransferred)
    if json:
        print_json(made.model_dump(mode="json", exclude={"kind"}))
    else:
        say(f"{readable(made.path)} ({readable(made.network)}, {made.seconds:.0f} s). {made.sentence}")
