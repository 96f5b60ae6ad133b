from pathlib import Path

import numpy as np
import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.findings import FINDINGS, Findings, keep_findings, read_findings
from finetuner.engine.evaluation.model_card import Facts, limits, markdown, write_card
from finetuner.engine.evaluation.scores import scores
from finetuner.engine.events import Certificate, RobustnessMeasured, RobustnessPoint, Scores

HOSTILE = "<img src=x onerror=alert(1)>|`[x](y)`\n# heading"


def judged(*, images: int = 60) -> Scores:
    truth = [number % 2 for number in range(images)]
    return scores(truth, np.eye(2)[truth] * 3, ("ant", HOSTILE))


def measured() -> RobustnessMeasured:
    points = (("none", 0.0, 1.0), ("blur", 2.0, 0.9), ("dark", 0.5, 0.7))
    return RobustnessMeasured(
        images=40,
        points=tuple(
            RobustnessPoint(disturbance=name, strength=strength, accuracy=share, accuracy_interval=(share - 0.1, share))
            for name, strength, share in points
        ),
    )


def card(folder: Path, found: Scores, findings: Findings, certificate: Certificate | None = None) -> str:
    facts = Facts("beetles", {"Backbone": "net"}, {"Images": HOSTILE}, {"torch": "2"}, found.classes)
    return write_card(folder / "model_card.md", facts, found, findings, certificate).read_text("utf-8")


def test_names_from_outside_have_no_meaning_in_it(tmp_path: Path) -> None:
    text = card(tmp_path, judged(), Findings())
    assert "<img" not in text
    assert "&lt;img" in text
    assert "[x](y)" not in text
    assert "\n# heading" not in text
    rows = [line for line in text.splitlines() if line.startswith("| &lt;img")]
    assert len(rows) == 1
    assert rows[0].replace("\\|", "").count("|") == 7


def test_it_has_the_figures_the_data_and_the_versions(tmp_path: Path) -> None:
    text = card(tmp_path, judged(), Findings())
    for heading in ("Intended use", "Model", "Data and split", "Figures", "Limits", "Versions"):
        assert f"## {heading}\n" in text
    assert "| Accuracy | 100.0 % |" in text
    assert "- torch: 2" in text
    assert "## Certificate" not in text


def test_an_export_has_its_certificate(tmp_path: Path) -> None:
    found = Certificate(
        images=9, agreement=1.0, largest_difference=1e-6, tolerance=1e-3, passed=True, created="today",
        versions={"onnx": "1"}, format="onnx",
    )  # fmt: skip
    text = card(tmp_path, judged(), Findings(), found)
    assert found.sentence() in text
    assert "- onnx: 1" in text


def test_the_limits_say_what_is_too_few_and_what_nobody_looked_at() -> None:
    told = " ".join(limits(judged(images=10), Findings()))
    assert "10 validation images: too few images to tell" in told
    assert "in 2 of 2 classes" in told
    assert "Nobody has looked for wrong labels" in told
    assert "was not measured" in told


def test_what_was_found_out_takes_their_place() -> None:
    told = " ".join(limits(judged(), Findings(likely_wrong=3, asked=90, robustness=measured())))
    assert "3 of the 90 labels" in told
    assert "it bears dark worst: 70.0 % right" in told


def test_findings_are_kept_beside_each_other(tmp_path: Path) -> None:
    assert read_findings(tmp_path) == Findings()
    keep_findings(tmp_path, likely_wrong=2, asked=9)
    keep_findings(tmp_path, robustness=measured())
    assert read_findings(tmp_path) == Findings(likely_wrong=2, asked=9, robustness=measured())


def test_damaged_findings_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / FINDINGS).write_text('{"likely_wrong": "many"}')
    with pytest.raises(FinetunerError, match="cannot be read"):
        read_findings(tmp_path)


def test_a_plain_name_stays_as_it_is() -> None:
    assert markdown("stag_beetle (male)") == "stag_beetle (male)"
    assert markdown("_so_") == "\\_so\\_"
