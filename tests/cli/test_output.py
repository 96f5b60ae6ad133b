import json
import sys

import pytest
from rich.progress import Progress
from rich.table import Column, Table

from finetuner.cli.output import _AmountColumn, print_json, print_table


def shown(done: int, total: int, unit: str) -> str:
    with Progress(disable=True) as progress:
        task = progress.add_task("Downloading", total=total, completed=done, unit=unit)
        return _AmountColumn().render(progress.tasks[task]).plain


def test_images_are_counted() -> None:
    assert shown(3, 12, "") == " 3/12"


def test_bytes_are_megabytes_with_their_rate() -> None:
    assert shown(3_400_000, 14_200_000, "bytes") == "3.4/14.2 MB  ?"


def test_what_is_no_number_is_null(capfd: pytest.CaptureFixture[str]) -> None:
    print_json({"curve": [{"val_loss": float("nan")}, {"val_loss": 0.5}], "top": (["ant", float("inf")],)})
    found = json.loads(capfd.readouterr().out, parse_constant=pytest.fail)
    assert found == {"curve": [{"val_loss": None}, {"val_loss": 0.5}], "top": [["ant", None]]}


def table(name: str) -> Table:
    made = Table(Column("Name", no_wrap=True), "Path", "Figure", box=None)
    made.add_row(name, "photos/" * 30 + "a.png", "12.5")
    return made


def test_another_program_gets_whole_lines(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    print_table(table("x" * 90))
    _, row = capfd.readouterr().out.splitlines()
    assert row.split() == ["x" * 90, "photos/" * 30 + "a.png", "12.5"]


@pytest.mark.parametrize("length", [35, 90])
def test_a_terminal_folds_and_cuts_nothing(
    length: int, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_table(table("x" * length))
    _, *rows = capfd.readouterr().out.splitlines()
    assert max(map(len, rows)) <= 80
    assert "".join(rows).count("x") == length
    assert "".join(rows).count("/") == 30
    assert ("x" * length in rows[0]) == (length < 40)
