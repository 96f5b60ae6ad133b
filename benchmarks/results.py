"""What a benchmark found: figures as records, and the tables and plots that lay them out. Printing comes later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.plot import Plot
from benchmarks.table import markdown

Record = Mapping[str, Any]
"""One measurement as it was taken: plain numbers and words, nothing rounded."""


@dataclass(frozen=True)
class Table:
    """Rows for a reader. `title` may be empty."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Result:
    """One benchmark's. `remark` says what was measured, where the tables do not."""

    records: tuple[Record, ...]
    tables: tuple[Table, ...]
    plots: tuple[Plot, ...] = ()
    remark: str = ""

    def markdown(self) -> str:
        """The remark and the tables."""
        parts = [self.remark] if self.remark else []
        for table in self.tables:
            parts += [table.title] if table.title else []
            parts += [markdown(table.header, table.rows)]
        return "\n\n".join(parts)
