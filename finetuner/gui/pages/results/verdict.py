"""Scores and the answers they were counted from."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from finetuner.engine.evaluation.tables import read_metrics, read_predictions
from finetuner.engine.events import EvaluationEnded, PredictionRow, Scores, SuspectsRanked


@dataclass(frozen=True)
class Verdict:
    """What is shown: `title` says on which images."""

    title: str
    scores: Scores
    rows: tuple[PredictionRow, ...]

    @classmethod
    def of_run(cls, run: Path, title: str) -> "Verdict":
        """A run's own validation. Raises FinetunerError when its figures are missing or damaged."""
        return cls(title, read_metrics(run), read_predictions(run))

    @classmethod
    def of_folder(cls, event: EvaluationEnded) -> "Verdict":
        """Another folder the run was scored on."""
        return cls(event.folder, event.scores, event.rows)

    def behind(self, truth: str | None = None, label: str | None = None) -> list[PredictionRow]:
        """The answers of one true class, one predicted class, or one cell; most confident first."""
        return self._where(lambda row: truth in (None, row.truth) and label in (None, row.label))

    @staticmethod
    def doubts(ranked: SuspectsRanked) -> list[PredictionRow]:
        """Likely wrong labels as answers: the label is the truth that is in doubt, the suggestion the answer."""
        return [
            PredictionRow(source=doubt.path, label=doubt.suggested, probability=doubt.probability, truth=doubt.label)
            for doubt in ranked.suspects
            if doubt.likely
        ]

    def mistakes(self) -> list[PredictionRow]:
        """Wrong answers, the most confident first: mislabelled images gather here."""
        return self._where(lambda row: row.truth != row.label)

    def _where(self, wanted: Callable[[PredictionRow], bool]) -> list[PredictionRow]:
        return sorted((row for row in self.rows if wanted(row)), key=lambda row: -row.probability)
