"""RUN/report.html: one self-contained file that prints well, needs no network and runs no script."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finetuner.engine.dataset.thumbnails import thumbnail
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.certainty import TOO_FEW, class_tells, tells, written
from finetuner.engine.evaluation.charts import Chart, chart
from finetuner.engine.evaluation.class_charts import calibration_chart, class_charts, hardest
from finetuner.engine.evaluation.findings import Findings
from finetuner.engine.evaluation.strangers import in_words
from finetuner.engine.events import EpochEnded, PredictionRow, Scores
from finetuner.engine.files import write_text
from finetuner.engine.paths import resources
from finetuner.engine.run_store.unknown import Unknown

REPORT = "report.html"
THUMBNAIL_SIDE = 160
MOST_MISTAKES = 24
LARGEST_MATRIX = 24
_MOST_CONFUSIONS = 20


@dataclass(frozen=True)
class Mistake:
    """A wrong answer to show: `picture` is a data URI, empty when the image cannot be read any more."""

    row: PredictionRow
    name: str
    picture: str


@dataclass(frozen=True)
class Figure:
    """A figure written out, with its interval, and the words of doubt."""

    name: str
    value: str
    interval: str
    doubt: str


@dataclass(frozen=True)
class Confusion:
    """Images of one class that were taken for another."""

    truth: str
    label: str
    count: int
    share: float


def write_report(
    run: Path,
    scores: Scores,
    rows: Sequence[PredictionRow] = (),
    epochs: Sequence[EpochEnded] = (),
    facts: Mapping[str, str] | None = None,
    folder: Path = Path(),
    findings: Findings | None = None,
    unknown: Unknown | None = None,
) -> Path:
    """Write `RUN/report.html` and return its path.

    `rows`: the validation answers with their truth; `source` is absolute or relative to `folder`.
    `facts`: what to say of the run, in order ({"Backbone": "resnet18", ...}). Its size is bounded: at most
    `MOST_MISTAKES` small pictures, `class_charts.MOST_LINES` curves.
    """
    page = _template().render(
        title=run.absolute().name,
        scores=scores,
        facts=facts or {},
        charts=curves(epochs),
        figures=figures(scores),
        class_charts=class_charts(scores),
        hardest=hardest(scores),
        calibration=calibration_chart(scores),
        findings=findings or Findings(),
        strangers=in_words(unknown, findings.others if findings else None),
        class_tells=class_tells,
        tells=tells,
        too_few=TOO_FEW,
        matrix=scores.confusion if len(scores.classes) <= LARGEST_MATRIX else (),
        confusions=largest_confusions(scores),
        mistakes=[_mistake(row, folder) for row in confident_mistakes(rows)],
    )
    write_text(run / REPORT, page)
    return run / REPORT


def _template() -> Any:
    """Everything is escaped: class names and paths come from the user's folders."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(resources() / "report")
    shelf = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return shelf.get_template("report.html.j2")


def curves(epochs: Sequence[EpochEnded]) -> tuple[Chart, ...]:
    """Loss and accuracy over the epochs; nothing to draw without epochs."""
    if not epochs:
        return ()
    best = max((epoch.epoch for epoch in epochs if epoch.best), default=None)
    losses = [
        ("training", "train", [epoch.train_loss for epoch in epochs]),
        ("validation", "val", [epoch.val_loss for epoch in epochs]),
    ]
    accuracy = [("validation", "val", [epoch.val_accuracy * 100 for epoch in epochs])]
    return chart("Loss", losses, best), chart("Accuracy in %", accuracy, best)


def figures(scores: Scores) -> list[Figure]:
    """The figures over all images, as far as they are known."""
    shares = (
        ("Accuracy", scores.accuracy, scores.accuracy_interval),
        ("Balanced accuracy", scores.balanced_accuracy, scores.balanced_interval),
        ("Among the first five", scores.top5, scores.top5_interval),
    )
    found = [
        Figure(name, f"{share * 100:.1f} %", written(interval), "" if tells(scores.n, interval) else TOO_FEW)
        for name, share, interval in shares
        if share is not None and interval is not None
    ]
    low, high = scores.loss_interval or (None, None)
    spread = "" if low is None else f"{low:.4f} – {high:.4f}"
    return [*found, Figure("Log-loss, in nats", f"{scores.loss:.4f}", spread, "")]


def confident_mistakes(rows: Sequence[PredictionRow]) -> list[PredictionRow]:
    """The wrong answers the network was surest of, surest first."""
    wrong = [row for row in rows if row.truth is not None and row.truth != row.label]
    return sorted(wrong, key=lambda row: -row.probability)[:MOST_MISTAKES]


def largest_confusions(scores: Scores) -> list[Confusion]:
    """Pairs of classes most often mixed up, most images first."""
    found = [
        Confusion(scores.classes[i], scores.classes[j], count, count / sum(row))
        for i, row in enumerate(scores.confusion)
        for j, count in enumerate(row)
        if count and i != j
    ]
    return sorted(found, key=lambda pair: -pair.count)[:_MOST_CONFUSIONS]


def _mistake(row: PredictionRow, folder: Path) -> Mistake:
    return Mistake(row, Path(row.source).name, _data_uri(folder / row.source))


def _data_uri(path: Path) -> str:
    try:
        picture = thumbnail(path, THUMBNAIL_SIDE)
    except (FinetunerError, OSError):
        return ""
    content = io.BytesIO()
    picture.convert("RGB").save(content, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(content.getvalue()).decode("ascii")
