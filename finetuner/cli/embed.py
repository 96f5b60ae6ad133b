"""finetuner embed: a map of a run's images, as its network sees them."""

import csv
import sys
from pathlib import Path
from typing import Literal

from finetuner.cli.output import last, print_json
from finetuner.engine.events import Embedded
from finetuner.engine.requests import EmbedRequest

_COLUMNS = ("path", "label", "split", "answer", "probability", "x", "y")


def embed(run: Path, *, method: Literal["pca", "t-sne"] = "t-sne", json: bool = False) -> None:
    """Put RUN's images on a plane, near each other those that its network sees alike; print a CSV table.

    Parameters
    ----------
    run
        A run folder.
    method
        pca keeps distances as far as two axes can, t-sne keeps neighbours together.
    json
        Print the result as JSON.
    """
    from finetuner.engine.launchers.tasks import generator

    found = last(generator(EmbedRequest(run=run, method=method)))
    assert isinstance(found, Embedded)
    if json:
        print_json({"run": str(run), **found.model_dump(mode="json", exclude={"kind"})})
        return
    sys.stdout.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]  # names that are no UTF-8
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(_COLUMNS)
    table.writerows([getattr(point, name) for name in _COLUMNS] for point in found.points)
