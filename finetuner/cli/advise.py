"""finetuner advise: which backbone on this disk suits these images, tried before anything is trained."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.table import Column, Table

from finetuner.cli.output import last, print_json, print_table, say
from finetuner.engine.events import AdviceEnded, BackboneAdvice
from finetuner.engine.job import Device, Job
from finetuner.engine.requests import AdviseRequest


def advise(
    data: Annotated[Path, Parameter(name="DATA")],
    /,
    *,
    backbone: tuple[str, ...] = (),
    val: Path | None = None,
    val_split: float = 0.2,
    seed: int = 0,
    device: Device = "auto",
    json: bool = False,
) -> None:
    """Rank backbones by what a quick head makes of their features, on training images held out in turn.

    Parameters
    ----------
    data
        Folder of labelled images, or CSV/TSV manifest.
    backbone
        Try this one; may be given several times. Default: every one whose weights are on this disk.
    val
        Another such folder, to validate on later: it is not looked at.
    val_split
        Share that will be set aside for validation: it is not looked at.
    seed
        Decides which images are set aside.
    device
        Where the backbones run.
    json
        Print the result as JSON.
    """
    from finetuner.engine.advice.advise import advise as walk

    job = Job().changed(data=data.absolute(), val=val, val_split=val_split, seed=seed, device=device)
    ended = last(walk(AdviseRequest(job=job, backbones=backbone)))
    assert isinstance(ended, AdviceEnded)
    if json:
        print_json(ended.model_dump(mode="json", exclude={"kind"}))
    else:
        print_table(_table(ended))
        say(ended.sentence)


def _table(ended: AdviceEnded) -> Table:
    name = Column("Backbone", no_wrap=True)  # what the user types next
    table = Table(name, "Right", "95 %", "k-NN", "LogME", "Pixels", "ms", box=None, padding=(0, 1))
    table.caption, table.caption_justify = "* no other is both faster and better", "left"
    for advice in ended.ranking:
        table.add_row(advice.name + " *" * (advice.name in ended.frontier), *_cells(advice))
    return table


def _cells(advice: BackboneAdvice) -> tuple[str, ...]:
    return (
        f"{advice.accuracy:.1%}",
        f"{100 * advice.low:.0f}-{advice.high:.0%}",
        f"{advice.neighbours:.1%}",
        f"{advice.logme:.3f}",
        f"{advice.input_size}",
        f"{advice.milliseconds:.1f}",
    )
