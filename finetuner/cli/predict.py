"""finetuner predict: answer an image, a folder, a video file, a camera, a screen or an address."""

import time
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from cyclopts.types import PositiveInt

from finetuner.cli.output import drive, print_json, say
from finetuner.engine.dataset.names import readable
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.tables import write_rows
from finetuner.engine.events import Notice, Predicted, PredictionEnded, PredictionRow
from finetuner.engine.requests import PredictRequest
from finetuner.engine.run_store.unknown import LABEL
from finetuner.frame_sources.source import kind_of, open_source

_STILL = ("image", "folder")
_ALL = 1_000_000


def predict(
    model: Path,
    source: str,
    *,
    csv: Path | None = None,
    top: PositiveInt = 5,
    seconds: float | None = None,
    json: bool = False,
) -> None:
    """Answer SOURCE with MODEL.

    Parameters
    ----------
    model
        A run folder, or an exported .onnx file.
    source
        An image, a folder of images, a video file, a camera's number, an address (rtsp://…, http://…), screen,
        screen:0:LEFT,TOP,WIDTH,HEIGHT, or window:TITLE. Ctrl+C ends what does not end by itself.
    csv
        Write the answers to this file: source, label, probability, unsure (where the model has thresholds), unknown
        (where it knows what is unknown to it), and one column for each class.
    top
        How many classes to tell for each image.
    seconds
        End what moves after so many seconds.
    json
        Print the result as JSON.
    """
    _refuse_folder(csv)
    answers = _still(model, source) if kind_of(source) in _STILL else _moving(model, source, seconds)
    rows = []
    for row in answers:
        rows.append(row)
        if not json:
            say(_line(row, top))
    if json:
        print_json([document(row, top) for row in rows])
    if csv is not None:  # last: where it cannot be written, the answers are told all the same
        write_rows(csv, rows)


def _refuse_folder(csv: Path | None) -> None:
    """Before all the work."""
    if csv is not None and csv.is_dir():
        raise FinetunerError(f"{csv} is a folder.", f"Give a file name: {csv / 'answers.csv'}")


def document(row: PredictionRow, top: int) -> dict[str, Any]:
    """One answer as scripts read it; `unsure` only where the model has thresholds, `unknown` only with its score.

    `label` is the best class in any case.
    """
    best = [list(pair) for pair in row.top[:top]]
    told = {"source": row.source, "label": row.label, "probability": row.probability, "top": best}
    doubts = {"unsure": row.unsure, "unknown": row.unknown, "unknown_score": row.unknown_score}
    return told | {name: value for name, value in doubts.items() if value is not None}


def _still(model: Path, source: str) -> Iterator[PredictionRow]:
    from finetuner.engine.launchers.tasks import generator

    for event in drive(generator(PredictRequest(model=model, source=Path(source), top=_ALL))):
        if isinstance(event, Predicted):
            yield from event.rows
        elif isinstance(event, PredictionEnded):
            _tell_skipped(event)


def _tell_skipped(ended: PredictionEnded) -> None:
    notices = [Notice(sentence=f"Set aside: {readable(row.path)}: {row.reason}") for row in ended.skipped]
    list(drive(notices))


def _moving(model: Path, source: str, seconds: float | None) -> Iterator[PredictionRow]:
    """Answer frames as they come; Ctrl+C ends the source, and what was answered counts."""
    from finetuner.engine.prediction.predict import row as answer_row
    from finetuner.engine.prediction.predictor import open_model

    predictor, start = open_model(model), time.monotonic()
    with open_source(source) as frames:
        try:
            for frame in takewhile(lambda _: seconds is None or time.monotonic() - start < seconds, frames):
                told = predictor.answer([frame.pixels])
                (score,) = told.strangeness()
                yield answer_row(frame.name, told.probabilities[0], predictor, _ALL, score=score)
        except KeyboardInterrupt:
            return


def _line(row: PredictionRow, top: int) -> str:
    best = ", ".join(f"{readable(name)} {share:.1%}" for name, share in row.top[:top])
    doubt = LABEL if row.unknown else "unsure" if row.unsure else ""
    return f"{readable(row.source)}: {doubt} ({best})" if doubt else f"{readable(row.source)}: {best}"
