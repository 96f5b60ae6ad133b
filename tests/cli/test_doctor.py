import json

import pytest

from finetuner.cli.app import main


def test_the_doctors_findings_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"versions", "devices", "checks"} == set(told)
    assert [device["device"] for device in told["devices"] if device["chosen"]]


def test_the_doctor_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "torch with torchvision: loads" in said
    assert "GFLOP/s" in said
