"""finetuner backbones: search the shelf, fetch weights when asked, look into a weight file, carry weights over."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from rich.table import Column, Table

from finetuner.cli.output import drive, last, print_json, print_table, say
from finetuner.engine.backbones.catalogue import catalogue
from finetuner.engine.events import (
    BackboneRow,
    CarriedIn,
    CarriedOut,
    CatalogueListed,
    Downloaded,
    SpeedMeasured,
    WeightsInspected,
)
from finetuner.engine.requests import (
    CarryInRequest,
    CarryOutRequest,
    CatalogueRequest,
    DownloadRequest,
    InspectWeightsRequest,
    SpeedRequest,
)

_Wish = tuple[Any, Callable[[Any, bool], None]]


def backbones(
    *,
    search: str = "",
    source: Literal["bundled", "timm", "torchvision", "classic", "local"] | None = None,
    available: bool = False,
    download: str | None = None,
    inspect: Path | None = None,
    time: bool = False,
    carry_out: str | None = None,
    out: Path | None = None,
    carry_in: Path | None = None,
    json: bool = False,
) -> None:
    """List the backbones: the one in the box, timm's, torchvision's, classic papers', and your own weight files.

    Parameters
    ----------
    search
        Words that name, family, source or licence must contain.
    source
        Only those of this source.
    available
        Only those whose weights are on this disk.
    download
        Fetch the weights of this backbone; the only thing here that uses the network.
    inspect
        Say which backbone this weight file fits, and how well.
    time
        Measure milliseconds per image, for those on this disk and the recommended; with a search, for all it finds.
    carry_out
        Write the weights of this backbone as one file, for a machine without network.
    out
        That file; default: named after the backbone, in the current folder.
    carry_in
        Check such a file, and keep it: from then on its backbone is offered here.
    json
        Print the result as JSON.
    """
    wishes: tuple[_Wish, ...] = ((download, _download), (inspect, _inspect), (carry_in, _carry_in))
    for asked, work in wishes:
        if asked is not None:
            return work(asked, json)
    if carry_out is not None:
        return _carry_out(carry_out, out or Path(f"{carry_out.replace('/', '--')}.safetensors"), json)
    (_time if time else _list)(CatalogueRequest(search=search, source=source, available=available), json)


def _list(request: CatalogueRequest, as_json: bool) -> None:
    for event in drive(catalogue(request)):
        if isinstance(event, CatalogueListed) and as_json:
            print_json([row.model_dump(mode="json") for row in event.rows])
        elif isinstance(event, CatalogueListed) and event.rows:
            print_table(_table(event.rows))
            say(f"{len(event.rows)} backbones, {sum(row.available for row in event.rows)} on disk.")


def _table(rows: tuple[BackboneRow, ...]) -> Table:
    name = Column("Name", no_wrap=True)  # what the user types next
    numbers = (Column(figure, justify="right") for figure in _FIGURES)
    table = Table(name, *numbers, "Weights", "Licence", "Note", box=None)
    for row in rows:
        figures = (write(row) for write in _FIGURES.values())
        table.add_row(row.name, *figures, row.where, row.licence, _note(row))
    return table


# where the numbers come from: resources/backbones/README.md; a blank is not known, or not yet measured
_FIGURES: dict[str, Callable[[BackboneRow], str]] = {
    "Top-1 %": lambda row: _written(row.top1, 1),
    "Params M": lambda row: _written(row.parameters / 1e6, 1),
    "GMACs": lambda row: _written(row.gmacs, 2),
    "Pixels": lambda row: str(row.input_size),
    "ms here": lambda row: _written(row.milliseconds, 1),
    "Train GB": lambda row: _written(row.memory_mb and row.memory_mb / 1000, 1),
}


def _written(number: float | None, decimals: int) -> str:
    return "" if number is None else f"{number:,.{decimals}f}"


def _note(row: BackboneRow) -> str:
    return "; ".join(part for part in (row.recommended and f"recommended: {row.recommended}", row.note) if part)


def _time(request: CatalogueRequest, as_json: bool) -> None:
    from finetuner.engine.training.speed import measure_speed

    listed = last(catalogue(request))
    rows = listed.rows if isinstance(listed, CatalogueListed) else ()
    names = tuple(row.name for row in rows if request.search or row.available or row.recommended)
    timed = [event for event in drive(measure_speed(SpeedRequest(backbones=names))) if isinstance(event, SpeedMeasured)]
    if as_json:
        print_json([event.model_dump(mode="json", exclude={"kind"}) for event in timed])
    for event in () if as_json else timed:
        say(
            f"{event.backbone}: {event.milliseconds:.1f} ms an image of {event.image_size} pixels ({event.measured_on})"
        )


def _download(name: str, as_json: bool) -> None:
    from finetuner.engine.backbones.download.task import download

    found = last(download(DownloadRequest(backbone=name)))
    if isinstance(found, Downloaded):
        _answer(found.model_dump(mode="json", exclude={"kind"}), f"{found.backbone} is on disk: {found.path}", as_json)


def _inspect(path: Path, as_json: bool) -> None:
    from finetuner.engine.backbones.inspection import inspect_weights

    found = last(inspect_weights(InspectWeightsRequest(weights=path)))
    if isinstance(found, WeightsInspected):
        _answer(found.model_dump(mode="json", exclude={"kind"}), f"{found.backbone}. {found.sentence}", as_json)


def _carry_out(name: str, out: Path, as_json: bool) -> None:
    from finetuner.engine.backbones.carry.journey import carry_out

    found = last(carry_out(CarryOutRequest(backbone=name, out=out)))
    if isinstance(found, CarriedOut):
        sentence = f"{found.path} holds {found.backbone}. There: finetuner backbones --carry-in FILE"
        _answer(found.model_dump(mode="json", exclude={"kind"}), sentence, as_json)


def _carry_in(file: Path, as_json: bool) -> None:
    from finetuner.engine.backbones.carry.journey import carry_in

    found = last(carry_in(CarryInRequest(file=file)))
    if isinstance(found, CarriedIn):
        sentence = f"{found.backbone} is on disk: {found.path}. {found.sentence}"
        _answer(found.model_dump(mode="json", exclude={"kind"}), sentence, as_json)


def _answer(document: dict[str, Any], sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(document)
    else:
        say(sentence)
