"""finetuner explain: where does the network look?"""

from pathlib import Path

from finetuner.cli.output import last, print_json, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.events import Explained
from finetuner.engine.requests import ExplainRequest


def explain(
    run: Path,
    image: Path,
    *,
    out: Path,
    method: str = "grad-cam",
    label: str | None = None,
    layer: str | None = None,
    json: bool = False,
) -> None:
    """Draw where RUN looks in IMAGE for its answer.

    Parameters
    ----------
    run
        A run folder.
    image
        An image file.
    out
        The picture to write (PNG); the bare map is written beside it.
    method
        How to explain: grad-cam.
    label
        Explain this class instead of the answer.
    layer
        Look at this module instead of the usual one.
    json
        Print the result as JSON.
    """
    from finetuner.engine.launchers.tasks import generator

    request = ExplainRequest(run=run, image=image, out=out, method=method, label=label, layer=layer)
    found = last(generator(request))
    assert isinstance(found, Explained)
    if json:
        print_json(found.model_dump(mode="json", exclude={"kind"}))
    else:
        say(f"{readable(found.label)} ({found.probability:.1%}), {found.method} at {found.layer}: {found.overlay}")
