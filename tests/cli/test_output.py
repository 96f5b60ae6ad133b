import json

import pytest
from rich.progress import Progress

from finetuner.cli.output import _AmountColumn, print_json


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
