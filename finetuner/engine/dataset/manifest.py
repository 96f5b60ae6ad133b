"""A manifest: a CSV or TSV file with the columns `path,label` and, if wanted, `split`.

Paths are relative to the manifest's folder, or absolute; unlike a link, a line in a manifest is a deliberate
choice, so it may lead anywhere. Each line counts as one thing seen. UTF-8, with or without a byte order mark.
"""

import csv
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from finetuner.engine.dataset.candidate import SPLITS, Candidate, Split
from finetuner.engine.dataset.names import class_name, readable
from finetuner.engine.errors import FinetunerError

SUFFIXES = (".csv", ".tsv", ".txt")
PATH_COLUMNS = ("path", "file", "filename", "file_name", "image")
LABEL_COLUMNS = ("label", "class", "category")
_EXPECTED = "Its first line must name the columns: path,label or path,label,split."


def read_manifest(manifest: Path) -> Iterator[Candidate]:
    """One candidate a line, in order. Raises FinetunerError when the file is no manifest."""
    try:
        with open(manifest, encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            yield from _Lines(manifest, csv.DictReader(file, delimiter=_delimiter(manifest), strict=True))
    except OSError as error:
        raise FinetunerError(f"The manifest {manifest} cannot be read: {error.strerror}.") from error
    except csv.Error as error:
        raise FinetunerError(f"The manifest {readable(manifest.name)} is not valid CSV: {error}.", _EXPECTED) from error


def _delimiter(manifest: Path) -> str:
    """What parts the columns of the first line: spreadsheets write commas, semicolons or tabs."""
    with open(manifest, encoding="utf-8-sig", errors="surrogateescape") as file:
        header = file.readline(4096)
    return max("\t,;" if manifest.suffix.lower() == ".tsv" else ",;\t", key=header.count)


class _Lines:
    """Turns the lines of one manifest into candidates."""

    def __init__(self, manifest: Path, reader: "csv.DictReader[str]") -> None:
        self.manifest = manifest
        self.folder = os.path.abspath(manifest.parent)
        self.reader = reader
        self.path_column = self._column(PATH_COLUMNS)
        self.label_column = self._column(LABEL_COLUMNS)
        self.split_column = self._column(("split", "set", "subset"), needed=False)
        self.seen: dict[str, str] = {}

    def _column(self, names: tuple[str, ...], needed: bool = True) -> str:
        for column in self.reader.fieldnames or ():
            if column.strip().lower() in names:
                return column
        if needed:
            raise FinetunerError(f"The manifest {readable(self.manifest.name)} has no column {names[0]}.", _EXPECTED)
        return ""

    def __iter__(self) -> Iterator[Candidate]:
        for row in self.reader:
            yield self._candidate(row)

    def _candidate(self, row: dict[str, str]) -> Candidate:
        name, label = self._value(row, self.path_column), class_name(self._value(row, self.label_column))
        split = SPLITS.get(self._value(row, self.split_column).lower())
        path = self._locate(name) if name else f"{self.manifest}, line {self.reader.line_num}"
        reason = self._objection(row, path, name, label, split)
        return Candidate(path, label, split, reason)

    def _value(self, row: dict[str, str], column: str) -> str:
        """What stands in a column; nothing where there is none: tables often have a nameless one that counts lines."""
        return (row.get(column) or "").strip() if column else ""

    def _locate(self, name: str) -> str:
        path = os.path.normpath(os.path.join(self.folder, name))
        if "\\" in name and not os.path.lexists(path):  # written on Windows
            return os.path.normpath(os.path.join(self.folder, name.replace("\\", "/")))
        return path

    def _objection(self, row: dict[str, str], path: str, name: str, label: str, split: Split | None) -> str:
        if not name:
            return "this line has no path"
        if not label:
            return "this line has no label"
        if (word := self._value(row, self.split_column)) and split is None:
            return f"unknown split {readable(word)}: it must be train, val or test"
        return _not_a_file(path) or self._repeated(path, label)  # in this order: not every name can be resolved

    def _repeated(self, path: str, label: str) -> str:
        earlier = self.seen.setdefault(os.path.realpath(path), label)
        if earlier is label:
            return ""
        return "listed twice" if earlier == label else f"listed twice, before as {readable(earlier)}"


def _not_a_file(path: str) -> str:
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return "the file is missing"
    except ValueError:  # a NUL is in it
        return "no file can have this name"
    except OSError as error:
        return f"cannot be opened: {error.strerror or error}"
    return "" if stat.S_ISREG(mode) else "not a regular file"
