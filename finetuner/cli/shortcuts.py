"""finetuner shortcuts: which classes hang on what is beside the subject."""

from pathlib import Path

from finetuner.cli.output import last, print_json, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.events import ShortcutsMeasured
from finetuner.engine.requests import ShortcutsRequest


def shortcuts(
    run: Path, *, method: str = "grad-cam", out: Path | None = None, count: int = 100, json: bool = False
) -> None:
    """Find out whether classes of RUN are decided by the border or the background of their images.

    Parameters
    ----------
    run
        A run folder.
    method
        What draws the average map: any method of explain that gives a map.
    out
        Write the average map of each class into this folder, as PNG.
    count
        How many held-out images of each class are looked at, at most.
    json
        Print the result as JSON.
    """
    from finetuner.engine.launchers.tasks import generator

    found = last(generator(ShortcutsRequest(run=run, method=method, out=out, count=count)))
    assert isinstance(found, ShortcutsMeasured)
    if json:
        return print_json(found.model_dump(mode="json", exclude={"kind"}))
    for habit in found.classes:
        say(readable(habit.sentence))
        if habit.picture:
            say(f"    {readable(habit.picture)}")
    return None
