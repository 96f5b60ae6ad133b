"""finetuner refit: solve a run's head again on labels that were put right."""

from pathlib import Path

from finetuner.cli.train import run_request
from finetuner.engine.requests import RefitRequest
from finetuner.engine.run_store.places import free_place


def refit(run: Path, corrections: Path, *, out: Path | None = None, json: bool = False) -> None:
    """Solve the head of RUN again with CORRECTIONS, into a new run; the images stay divided as they were.

    Parameters
    ----------
    run
        A run folder.
    corrections
        A manifest with the right labels (path,label; only the changed ones need be there), or a file of the window.
    out
        The new run's folder; default: beside the old one.
    json
        Print the result as JSON.
    """
    place = out or free_place(run, "corrected")
    run_request(RefitRequest(run=run, corrections=corrections.absolute(), out=place.absolute()), json)
