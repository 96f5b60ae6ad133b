import hashlib
from pathlib import Path

import pytest

from finetuner.engine.dataset.corrections import Correction, Corrections
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.findings import keep_findings, read_findings
from finetuner.engine.events import Exported
from finetuner.engine.exporters.export import export
from finetuner.engine.job import Job
from finetuner.engine.prediction.robustness import robustness
from finetuner.engine.requests import ExportRequest, RobustnessRequest, SuspectsRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training.loop import train
from finetuner.engine.training.publishing import facts_of, publish
from finetuner.engine.training.suspects import suspects
from tests.engine.tiny_job import draw_pictures, tiny_job


def content_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = tmp_path_factory.mktemp("published")
    pictures = draw_pictures(folder / "my photos", classes=("ant", "<b>bee</b>".replace("/", "-"), "cow"))
    said = {content_of(pictures / "ant" / f"{number}.png"): Correction(label="cow") for number in range(2)}
    said[content_of(pictures / "ant" / "2.png")] = Correction(excluded=True)
    right = folder / "right.json"
    Corrections(images=said).save(right)
    for _ in train(TrainRequest(job=tiny_job(pictures, epochs=1, corrections=right), run=folder / "run")):
        continue
    return RunFolder.open(folder / "run")


def test_a_finished_run_has_a_report_and_a_card(run: RunFolder) -> None:
    report, card = run.report_file.read_text("utf-8"), run.card_file.read_text("utf-8")
    assert "<b>bee" not in report
    assert "<b>bee" not in card
    for text in (report, card):
        assert "Full fine-tuning" in text
        assert "my photos" in text
        assert str(run.path.parent) not in text
        assert "too few images to tell" in text


def test_the_facts_tell_of_the_data_and_what_was_corrected(run: RunFolder) -> None:
    facts = facts_of(run)
    assert facts.model["Backbone"] == "test_resnet"
    assert facts.data["Training images"] == "28"
    assert facts.data["Validation images"].startswith("7, a share of 20% of each class")
    assert facts.data["Corrections"] == "labels put right: 2, images left out: 1"
    assert {"finetuner", "Python", "torch", "timm"} == set(facts.versions)


def test_what_is_found_out_later_enters_both(run: RunFolder) -> None:
    for _ in suspects(SuspectsRequest(run=run.path)):
        continue
    for _ in robustness(RobustnessRequest(run=run.path, count=2)):
        continue
    found = read_findings(run.path)
    assert found.asked == 35
    assert found.robustness is not None
    assert f"<b>{found.likely_wrong}</b> of 35 images" in run.report_file.read_text("utf-8")
    card = run.card_file.read_text("utf-8")
    assert f"{found.likely_wrong} of the 35 labels" in card
    assert "On 2 disturbed photos" in card
    assert RunFolder.open(run.path).path == run.path, "the folder is still a plain run folder"


def test_a_run_without_figures_has_nothing_to_publish(tmp_path: Path) -> None:
    fresh = RunFolder.create(tmp_path / "fresh", Job())
    keep_findings(fresh.path, asked=1)
    with pytest.raises(FinetunerError, match="figures of fresh cannot be read"):
        publish(fresh)


def test_an_export_has_a_card_with_its_certificate_beside_it(run: RunFolder, tmp_path: Path) -> None:
    request = ExportRequest(run=run.path, format="pt2", out=tmp_path / "beetles.pt2")
    exported = list(export(request))[-1]
    assert isinstance(exported, Exported)
    assert exported.card == str(tmp_path / "beetles.pt2.model_card.md")
    card = Path(exported.card).read_text("utf-8")
    assert exported.certificate.sentence() in card
    assert "## Limits" in card
