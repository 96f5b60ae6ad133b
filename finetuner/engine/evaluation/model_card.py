"""RUN/model_card.md: what a model is for, what it learned from, how good it is, and its limits (Mitchell, 2019)."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from finetuner.engine.evaluation.certainty import TOO_FEW, class_tells, tells, written
from finetuner.engine.evaluation.findings import Findings
from finetuner.engine.evaluation.report import figures
from finetuner.engine.evaluation.strangers import in_words
from finetuner.engine.events import Certificate, ClassScore, Scores
from finetuner.engine.files import write_text
from finetuner.engine.paths import resources
from finetuner.engine.run_store.unknown import Unknown

MOST_ROWS = 50
MOST_NAMES = 30
_MARKS = re.compile(r"([\\`*\[\]|#~!]|(?<!\w)_|_(?!\w))")


@dataclass(frozen=True)
class Facts:
    """What is to be said of a run beside its figures, in order; values come from the user's folders."""

    name: str
    model: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()

    @property
    def shown_classes(self) -> tuple[str, ...]:
        """The first of them."""
        return self.classes[:MOST_NAMES]


def write_card(
    target: Path,
    facts: Facts,
    scores: Scores,
    findings: Findings,
    certificate: Certificate | None = None,
    unknown: Unknown | None = None,
) -> Path:
    """Write the card to `target`, with the certificate of an export beside which it stands. Raises OSError."""
    text = _template().render(
        facts=facts,
        scores=scores,
        figures=figures(scores),
        rows=_worst(scores.per_class),
        limits=limits(scores, findings),
        strangers=[markdown(sentence) for sentence in in_words(unknown, findings.others)],
        certificate=certificate,
        class_tells=class_tells,
        written=written,
        percent=lambda share: f"{share * 100:.1f} %",
        too_few=TOO_FEW,
    )
    write_text(target, text)
    return target


def limits(scores: Scores, findings: Findings) -> list[str]:
    """What these figures do not tell, as sentences in Markdown."""
    told = [
        "The validation images also chose the epoch that was kept and the temperature: new photos fare a little worse."
    ]
    if not tells(scores.n, scores.accuracy_interval):
        told.append(f"{scores.n:,} validation images: {TOO_FEW} how good it is.")
    shaky = [row.name for row in scores.per_class if not class_tells(row)]
    if shaky:
        names = ", ".join(markdown(name) for name in shaky[:MOST_NAMES]) + (", …" if len(shaky) > MOST_NAMES else "")
        told.append(f"{TOO_FEW.capitalize()} in {len(shaky):,} of {len(scores.classes):,} classes: {names}.")
    return [*told, *_looked_into(findings)]


def _looked_into(findings: Findings) -> list[str]:
    told = []
    if findings.likely_wrong is None:
        told.append("Nobody has looked for wrong labels in its data.")
    else:
        told.append(f"{findings.likely_wrong:,} of the {findings.asked:,} labels of its data are likely wrong.")
    if findings.robustness is None:
        return [*told, "How it bears blur, darkness, noise and the like was not measured."]
    worst = min(findings.robustness.points[1:], key=lambda point: point.accuracy)
    return [
        *told,
        f"On {findings.robustness.images:,} disturbed photos it bears {markdown(worst.disturbance)} worst:"
        f" {worst.accuracy * 100:.1f} % right ({written(worst.accuracy_interval)}) at strength {worst.strength:g}.",
    ]


def markdown(text: str) -> str:
    """A name as plain text in Markdown: neither its marks nor HTML have a meaning, and it stays on its line.

    An underscore within a word has none, and stays as it is.
    """
    plain = " ".join(str(text).split())
    return _MARKS.sub(r"\\\1", html.escape(plain, quote=False))


def _worst(rows: Sequence[ClassScore]) -> list[ClassScore]:
    return sorted(rows, key=lambda row: row.f1)[:MOST_ROWS] if len(rows) > MOST_ROWS else list(rows)


def _template() -> Any:
    """Not escaped as HTML, since it is none: every value from outside goes through `md`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(resources() / "report")
    shelf = Environment(
        loader=loader, autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    shelf.filters["md"] = markdown
    return shelf.get_template("model_card.md.j2")
