from pathlib import Path

import numpy as np
import pytest

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.tables import read_predictions
from finetuner.engine.events import Embedded, Notice
from finetuner.engine.requests import EmbedRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.training import embedding as module
from finetuner.engine.training.embedding import embed
from finetuner.engine.training.loop import train
from tests.engine.tiny_job import CLASSES, draw_pictures, tiny_job


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("embedded")
    list(train(TrainRequest(job=tiny_job(draw_pictures(folder / "data"), strategy="probe"), run=folder / "run")))
    return folder / "run"


def maps(run: Path, **options: str) -> list[Embedded]:
    return [event for event in embed(EmbedRequest(run=run, **options)) if isinstance(event, Embedded)]


def test_a_plain_map_comes_first_and_then_one_of_neighbours(run: Path) -> None:
    first, second = maps(run)
    assert (first.method, second.method) == ("pca", "t-sne")
    assert 0 < first.explained <= 1
    assert second.explained is None
    pinned = {(image.path, image.label, image.split) for image in RunFolder(run).pinned_images()}
    for found in (first, second):
        assert {(point.path, point.label, point.split) for point in found.points} == pinned
    assert [point.path for point in first.points] == [point.path for point in second.points]


def test_it_ends_after_pca_where_that_is_enough(run: Path) -> None:
    assert [found.method for found in maps(run, method="pca")] == ["pca"]


def test_validation_images_have_the_answers_of_the_figures(run: Path) -> None:
    (found,) = maps(run, method="pca")
    answers = {row.source: (row.label, row.probability) for row in read_predictions(run)}
    on_map = {point.path: (point.answer, point.probability) for point in found.points if point.split == "val"}
    assert on_map == answers


def test_training_images_have_the_answer_of_the_best_model(run: Path) -> None:
    import torch
    from PIL import Image

    trained = load_best(run)
    (found,) = maps(run, method="pca")
    for point in [point for point in found.points if point.split == "train"][:6]:
        pixels = torch.from_numpy(np.array(Image.open(point.path).convert("RGB")))[None]
        with torch.inference_mode():
            shares = trained.deployed(pixels)[0][0]
        assert point.answer == CLASSES[int(shares.argmax())]
        assert point.probability == pytest.approx(float(shares.max()), abs=0.03)


def test_of_many_images_a_part_is_shown_and_it_is_said(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MAPPED", 10)
    events = list(embed(EmbedRequest(run=run, method="pca")))
    assert [event.sentence for event in events if isinstance(event, Notice)] == [
        "Of 36 images 10 are on the map, drawn at random."
    ]
    assert len(events[-1].points) == 10


def test_a_run_whose_images_are_gone_is_a_sentence(run: Path, tmp_path: Path) -> None:
    import shutil

    copy = shutil.copytree(run, tmp_path / "run")
    folder = RunFolder(copy)
    lost = [image.model_copy(update={"path": f"{image.path}.gone"}) for image in folder.pinned_images()]
    folder.pin_split(folder.classes, lost)
    with pytest.raises(FinetunerError, match="cannot be read any more"):
        maps(copy)
