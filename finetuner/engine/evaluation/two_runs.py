"""Two runs side by side, on the images that both held out: an image that one of them learned from proves nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finetuner.engine.evaluation.certainty import tells
from finetuner.engine.evaluation.comparison import Change, Comparison, of_changes
from finetuner.engine.evaluation.paired import Pairs
from finetuner.engine.evaluation.tables import read_predictions
from finetuner.engine.events import PredictionRow
from finetuner.engine.run_store.run_folder import RunFolder


@dataclass(frozen=True)
class TwoRuns:
    """What both answered; `held_out`: how many images each was validated on; `notes`: what else is to be known."""

    first: Path
    second: Path
    held_out: tuple[int, int]
    comparison: Comparison
    notes: tuple[str, ...]


def compare_runs(first: Path, second: Path) -> TwoRuns:
    """Match the answers of two runs by the content of the images, wherever these lie now.

    Raises FinetunerError when one of them has no answers yet, or its files are damaged.
    """
    one, two = _HeldOut(first), _HeldOut(second)
    learned = one.learned | two.learned
    common = [(one.answers[key], row) for key, row in two.answers.items() if key in one.answers and key not in learned]
    held_out = (len(one.answers), len(two.answers))
    return TwoRuns(first, second, held_out, of_changes(common), tuple(_notes(one, two, common)))


class _HeldOut:
    """A run's answers by the content of their images, and the contents it learned from."""

    def __init__(self, path: Path) -> None:
        run = RunFolder.open(path)
        images = run.pinned_images()
        keys = {image.path: image.content or image.path for image in images}
        self.classes = set(run.classes)
        self.learned = {keys[image.path] for image in images if image.split == "train"}
        self.answers: dict[str, PredictionRow] = {
            keys.get(row.source, row.source): row for row in read_predictions(path)
        }


def _notes(one: _HeldOut, two: _HeldOut, common: list[Change]) -> list[str]:
    notes = []
    if not common:
        notes.append(
            "No image was held out by both runs. Train both on the same images, with the same seed and the same share"
            " for validation."
        )
    elif len(common) < max(len(one.answers), len(two.answers)):
        notes.append(
            f"A was validated on {len(one.answers):,} images and B on {len(two.answers):,}; compared are the"
            f" {len(common):,} that both held out."
        )
    corrected = sum(before.truth != after.truth for before, after in common)
    if corrected:
        notes.append(f"{corrected:,} of them have another label in B than in A: that of B counts.")
    if one.classes != two.classes:
        names = ", ".join(sorted(one.classes ^ two.classes))
        notes.append(f"The runs know different classes ({names}): who does not know one cannot name it.")
    return notes


def document(found: TwoRuns) -> dict[str, Any]:
    """The comparison as scripts read it."""
    comparison = found.comparison
    return {
        "first": str(found.first),
        "second": str(found.second),
        "held_out": list(found.held_out),
        **_figures(comparison.pairs),
        "p_value": comparison.p_value,
        "better": (None, str(found.first), str(found.second))[comparison.better + 1],
        "sentence": comparison.told("A", "B"),
        "notes": list(found.notes),
        "per_class": [{"name": row.name, **_figures(row.pairs)} for row in comparison.per_class],
        "changed": [_change(*change) for change in comparison.changed],
    }


def _figures(pairs: Pairs) -> dict[str, Any]:
    return {
        "images": pairs.images,
        "both_right": pairs.both,
        "only_first": pairs.only_first,
        "only_second": pairs.only_second,
        "neither": pairs.neither,
        "first_accuracy": pairs.first,
        "second_accuracy": pairs.second,
        "difference": pairs.difference,
        "difference_interval": list(pairs.interval),
        "tells": tells(pairs.images, pairs.interval),
    }


def _change(one: PredictionRow, two: PredictionRow) -> dict[str, str | None]:
    return {"path": two.source, "truth": two.truth, "first": one.label, "second": two.label}
