"""finetuner concept: does an idea of one's own matter for a class?"""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from finetuner.cli.output import last, print_json, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.events import ConceptTested
from finetuner.engine.requests import ConceptRequest


def concept(
    run: Path,
    folder: Path,
    random: Path,
    *,
    label: Annotated[str | None, Parameter(name=("--class", "--label"))] = None,
    layer: str | None = None,
    draws: Annotated[int, Parameter(validator=Number(gte=3, lte=500))] = 20,
    seed: Annotated[int, Parameter(validator=Number(gte=0, lt=2**31))] = 0,
    json: bool = False,
) -> None:
    """Tell for which classes of RUN the concept that the images in FOLDER show matters (TCAV).

    A class's score is the share of its images whose answer would rise if they had more of the concept. It is compared
    with what directions between random images do; what is not to be told from them is said to be no sign.

    Parameters
    ----------
    run
        A run folder.
    folder
        Images that show the concept, at least 10, better 30 or more: stripes, snow, a hand in the picture.
    random
        Any other images, at least 20, better twice as many as in FOLDER. They should differ from those in nothing but
        the concept.
    label
        Ask about this class only.
    layer
        Look at this module instead of one two thirds of the way up.
    draws
        How many times another sample of random images is drawn.
    seed
        Decides which ones.
    json
        Print the result as JSON.
    """
    from finetuner.engine.launchers.tasks import generator

    request = ConceptRequest(run=run, concept=folder, random=random, label=label, layer=layer, draws=draws, seed=seed)
    tested = last(generator(request))
    assert isinstance(tested, ConceptTested)
    if json:
        print_json(tested.model_dump(mode="json", exclude={"kind"}))
        return
    _tell(tested)


def _tell(tested: ConceptTested) -> None:
    for score in tested.scores:
        say(readable(score.sentence))
    say(
        f"At {tested.layer}, which tells {readable(tested.concept)} from random images in {tested.accuracy:.0%} of "
        f"held-out cases; {tested.concept_images} images against {tested.random_images}, {tested.draws} draws."
    )
