"""A line in a CSV: time, label, probability."""

import csv

from finetuner.engine.errors import FinetunerError
from finetuner.engine.prediction.actions.action import ActionsPart, Outcome, Sight

COLUMNS = ("time", "label", "probability")


class Table:
    """Appends; a file that is new or empty gets its columns' names first."""

    def wanted(self, options: ActionsPart) -> bool:
        """Whether its option is set."""
        return options.table is not None

    def act(self, sight: Sight, options: ActionsPart) -> Outcome:
        """Raises FinetunerError when the file cannot be written to."""
        assert options.table is not None
        try:
            with open(options.table, "a", newline="", encoding="utf-8") as file:
                rows = csv.writer(file)
                if not file.tell():
                    rows.writerow(COLUMNS)
                rows.writerow((sight.time.isoformat(timespec="milliseconds"), sight.label, f"{sight.probability:.4f}"))
        except OSError as error:
            raise FinetunerError(f"{options.table} cannot be written to: {error.strerror}.") from error
        return Outcome()
