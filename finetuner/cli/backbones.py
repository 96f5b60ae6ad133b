"""finetuner backbones: search the shelf, fetch weights when asked, look into a weight file."""

from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from finetuner.cli.output import drive, last, print_json, say
from finetuner.engine.backbones.catalogue import catalogue
from finetuner.engine.events import BackboneRow, CatalogueListed, Downloaded, WeightsInspected
from finetuner.engine.requests import CatalogueRequest, DownloadRequest, InspectWeightsRequest


def backbones(
    *,
    search: str = "",
    source: Literal["bundled", "timm", "torchvision", "classic", "local"] | None = None,
    available: bool = False,
    download: str | None = None,
    inspect: Path | None = None,
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
    json
        Print the result as JSON.
    """
    if download is not None:
        _download(download, json)
    elif inspect is not None:
        _inspect(inspect, json)
    else:
        _list(CatalogueRequest(search=search, source=source, available=available), json)


def _list(request: CatalogueRequest, as_json: bool) -> None:
    for event in drive(catalogue(request)):
        if isinstance(event, CatalogueListed) and as_json:
            print_json([row.model_dump(mode="json") for row in event.rows])
        elif isinstance(event, CatalogueListed) and event.rows:
            Console().print(_table(event.rows))
            say(f"{len(event.rows)} backbones, {sum(row.available for row in event.rows)} on disk.")


def _table(rows: tuple[BackboneRow, ...]) -> Table:
    table = Table("Name", "Source", "Parameters", "Input", "Weights", "Licence", "Note")
    for row in rows:
        table.add_row(*_cells(row))
    return table


def _cells(row: BackboneRow) -> tuple[str, ...]:
    millions = f"{row.parameters / 1e6:.1f} M"
    return row.name, row.source, millions, str(row.input_size), row.where, row.licence, row.note


def _download(name: str, as_json: bool) -> None:
    from finetuner.engine.backbones.download import download

    found = last(download(DownloadRequest(backbone=name)))
    if isinstance(found, Downloaded):
        _answer(found.model_dump(mode="json", exclude={"kind"}), f"{found.backbone} is on disk: {found.path}", as_json)


def _inspect(path: Path, as_json: bool) -> None:
    from finetuner.engine.backbones.inspection import inspect_weights

    found = last(inspect_weights(InspectWeightsRequest(weights=path)))
    if isinstance(found, WeightsInspected):
        _answer(found.model_dump(mode="json", exclude={"kind"}), f"{found.backbone}. {found.sentence}", as_json)


def _answer(document: dict[str, Any], sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(document)
    else:
        say(sentence)
