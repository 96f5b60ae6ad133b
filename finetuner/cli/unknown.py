"""finetuner unknown: from where on an image is unknown to a run, and whether that tells other things apart."""

from pathlib import Path

from finetuner.cli.output import drive, print_json, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.events import Notice, UnknownMeasured
from finetuner.engine.requests import UnknownRequest


def unknown(
    run: Path,
    *,
    against: Path | None = None,
    known_share: float | None = None,
    anew: bool = False,
    json: bool = False,
) -> None:
    """Tell how many known images RUN takes for known, and how many images of other kinds for unknown.

    Kept with the run: predict, live and export go by it. A run that was made before this existed learns it now.

    Parameters
    ----------
    run
        A run folder.
    against
        An image or a folder of images that show none of the classes.
    known_share
        From now on, let this share of new images of the classes pass as known, such as 0.99.
    anew
        Learn it again from the run's images.
    json
        Print the result as JSON.
    """
    from finetuner.engine.launchers.tasks import generator

    request = UnknownRequest(run=run, against=against, known_share=known_share, anew=anew)
    (told,) = [event for event in drive(generator(request)) if isinstance(event, UnknownMeasured)]
    if json:
        print_json(told.model_dump(mode="json", exclude={"kind"}))
    else:
        _tell(told)


def _tell(told: UnknownMeasured) -> None:
    from finetuner.engine.evaluation.certainty import beside
    from finetuner.engine.evaluation.strangers import others_in_words

    say(f"An image is unknown where its score is above {told.threshold:.4g} ({told.method}).")
    say(
        f"Known images that pass: {told.passing / told.images:.1%} of {told.images:,}"
        f" ({beside(told.images, told.passing_interval)}); asked for: {told.known_share:.1%}"
    )
    if told.others is not None:
        say(others_in_words(told.others))
    list(drive(Notice(sentence=f"Set aside: {readable(row.path)}: {row.reason}") for row in told.skipped))
