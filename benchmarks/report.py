"""Results on disk: the raw figures, the tables, the plots, and the machine they were taken on."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import psutil

from benchmarks.plot import draw
from benchmarks.results import Result
from benchmarks.table import machine
from finetuner.engine.files import write_text

JSON, MARKDOWN = "results.json", "results.md"


def write(results: Mapping[str, Result], folder: Path) -> None:
    """Write `results.json`, `results.md` and a PNG for each plot; the names are those of the benchmarks."""
    folder.mkdir(parents=True, exist_ok=True)
    for result in results.values():
        for plot in result.plots:
            draw(plot, folder)
    write_text(folder / JSON, json.dumps(_document(results), indent=1))
    write_text(folder / MARKDOWN, _page(results))


def _document(results: Mapping[str, Result]) -> dict[str, object]:
    return {
        "machine": machine(),
        "load": psutil.getloadavg()[0],
        "time": f"{datetime.now():%Y-%m-%d %H:%M}",
        "benchmarks": {name: {"remark": told.remark, "records": told.records} for name, told in results.items()},
    }


def _page(results: Mapping[str, Result]) -> str:
    parts = [machine()]
    for name, result in results.items():
        parts += [f"## {name}", result.markdown(), *(f"![{plot.title}]({plot.file}.png)" for plot in result.plots)]
    return "\n\n".join(parts) + "\n"
