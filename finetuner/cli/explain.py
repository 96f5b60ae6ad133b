"""finetuner explain: why this answer?"""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from finetuner.cli.output import drive, print_json, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.events import Explained
from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.requests import ExplainRequest

_METHODS = f"How to explain: all, or one of {', '.join(EXPLANATIONS)}."


def explain(
    run: Path,
    image: Path,
    *,
    out: Path,
    method: Annotated[str, Parameter(help=_METHODS)] = "grad-cam",
    label: Annotated[str | None, Parameter(name=("--class", "--label"))] = None,
    layer: str | None = None,
    trust: bool = False,
    json: bool = False,
) -> None:
    """Draw why RUN answers as it does for IMAGE.

    Parameters
    ----------
    run
        A run folder.
    image
        An image file, or a folder of images.
    out
        The picture to write (PNG), with the bare map beside it. For a folder of images, or the method "all": the
        folder for one picture of each image and method.
    label
        Explain this class instead of the answer.
    layer
        Look at this module instead of the usual one.
    trust
        Also check whether each map may be believed: does the answer hang on what it marks, and does it change when
        the network is randomised?
    json
        Print the result as JSON: one document, or a list of them for several pictures.
    """
    from finetuner.engine.explanations.order import is_single
    from finetuner.engine.launchers.tasks import generator

    request = ExplainRequest(run=run, image=image, out=out, method=method, label=label, layer=layer, trust=trust)
    found = list[Explained]()
    for event in drive(generator(request)):
        if isinstance(event, Explained):
            found.append(event)
            if not json:
                say(_line(event))
    if json:
        documents = [event.model_dump(mode="json", exclude={"kind"}) for event in found]
        print_json(documents[0] if is_single(request) else documents)


def _line(event: Explained) -> str:
    where = f" at {event.layer}" if event.layer else ""
    said = [event.sentence, event.trust.sentence if event.trust else ""]
    line = f"{readable(event.label)} ({event.probability:.1%}), {event.method}{where}: {readable(event.overlay)}"
    return " ".join([line, *filter(None, said)])
