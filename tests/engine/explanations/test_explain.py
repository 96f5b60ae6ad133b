from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Explained, Notice, Progress
from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.explanations.explain import explain
from finetuner.engine.prediction.predictor import open_model
from finetuner.engine.requests import ExplainRequest
from tests.engine.tiny import CLASSES, tiny_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return tiny_run(tmp_path_factory.mktemp("explained"))


def explained(run, out, **options) -> Explained:
    image = run.parent / "data" / "ant" / "0.png"
    *_, event = explain(ExplainRequest(run=run, image=image, out=out, **options))
    assert isinstance(event, Explained)
    return event


def test_the_picture_is_written_for_the_answer_the_app_gives(run, tmp_path):
    event = explained(run, tmp_path / "out.png")
    shares = open_model(run).predict([np.asarray(open_rgb(Path(event.image)))])[0]
    assert event.label == CLASSES[int(shares.argmax())]
    assert event.probability == pytest.approx(float(shares.max()), abs=1e-5)
    assert open_rgb(Path(event.overlay)).size == (64, 48)
    assert open_rgb(Path(event.heat)).size == (448, 448)
    assert event.layer == "layer4"


def test_another_class_and_layer_may_be_asked_for(run, tmp_path):
    one = explained(run, tmp_path / "a.png", label="ant", layer="layer2")
    other = explained(run, tmp_path / "b.png", label="cow", layer="layer2")
    assert (one.label, other.label, other.layer) == ("ant", "cow", "layer2")
    assert (tmp_path / "a.png").read_bytes() != (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"method": "salience"}, "Did you mean saliency"),
        ({"label": "aunt"}, "It knows: ant"),
        ({"layer": "layre4"}, "Did you mean layer4"),
        ({"layer": "fc"}, "gives no feature map"),
    ],
)
def test_a_wrong_name_answers_with_the_right_one(run, tmp_path, options, sentence):
    with pytest.raises(FinetunerError) as caught:
        explained(run, tmp_path / "out.png", **options)
    assert sentence in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_sentence(run, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FinetunerError, match="cannot be written"):
        explained(run, tmp_path / "file" / "out.png")


def test_a_map_of_zeros_is_told(run, tmp_path, monkeypatch):
    from finetuner.engine.explanations.attribution.grad_cam import GradCam

    monkeypatch.setattr(GradCam, "explain", lambda *arguments: torch.zeros(1, 2, 2))
    image = run.parent / "data" / "ant" / "0.png"
    events = list(explain(ExplainRequest(run=run, image=image, out=tmp_path / "out.png", label="bee")))
    assert any(
        isinstance(event, Notice) and "nothing in the image speaks for bee" in event.sentence for event in events
    )


def many(run, image, out, **options) -> tuple[list[Explained], list[Notice]]:
    events = list(explain(ExplainRequest(run=run, image=image, out=out, **options)))
    return (
        [event for event in events if isinstance(event, Explained)],
        [event for event in events if isinstance(event, Notice)],
    )


def test_a_folder_gives_one_picture_for_each_image_and_tells_of_others(run, tmp_path):
    folder = run.parent / "data"
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for name in ("1.png", "sub/1.png"):
        (tmp_path / "in" / name).write_bytes((folder / "ant" / "0.png").read_bytes())
    (tmp_path / "in" / "notes.txt").write_text("no image")
    found, notices = many(run, tmp_path / "in", tmp_path / "out")
    written = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.png"))
    assert written == ["1.png.grad-cam.png", "sub/1.png.grad-cam.png"]
    assert [event.overlay for event in found] == [str(tmp_path / "out" / name) for name in written]
    assert all(event.heat == "" for event in found)
    assert any("notes.txt" in notice.sentence for notice in notices)


@pytest.mark.usefixtures("few_passes")
def test_all_methods_go_on_when_some_do_not_fit(tmp_path):
    run = tiny_run(tmp_path, "test_vit")
    image = run.parent / "data" / "ant" / "0.png"
    found, notices = many(run, image, tmp_path / "out", method="all")
    assert {event.method for event in found} | {notice.sentence.partition(":")[0] for notice in notices} == set(
        EXPLANATIONS
    )
    assert len(list((tmp_path / "out").iterdir())) == len(found) > 10
    refused = [notice for notice in notices if notice.sentence.startswith("guided-backprop: ")]
    assert len(refused) == 1
    assert "no" in refused[0].sentence


def test_a_single_picture_may_go_into_a_folder_that_is_there(run, tmp_path):
    event = explained(run, tmp_path)
    assert event.overlay == str(tmp_path / "0.png.grad-cam.png")


def test_a_folder_of_nothing_is_a_sentence(run, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FinetunerError, match="no file in"):
        many(run, tmp_path / "empty", tmp_path / "out")
    (tmp_path / "empty" / "notes.txt").write_text("no image")
    with pytest.raises(FinetunerError, match="Not one picture"):
        many(run, tmp_path / "empty", tmp_path / "out")


def test_every_picture_says_what_it_shows(run, tmp_path):
    event = explained(run, tmp_path / "out.png", method="layer-cam", label="cow")
    for path in (event.overlay, event.heat):
        with Image.open(path) as picture:
            texts = picture.text
        assert (texts["method"], texts["layer"], texts["class"]) == ("layer-cam", "layer4", "cow")
        assert texts["model"] == "test_resnet, run"


def test_a_method_that_needs_no_layer_names_none(run, tmp_path):
    assert explained(run, tmp_path / "out.png", method="saliency").layer == ""


def test_trust_is_asked_for(run, tmp_path):
    assert explained(run, tmp_path / "a.png").trust is None
    trust = explained(run, tmp_path / "b.png", trust=True).trust
    assert trust is not None
    assert trust.sentence


def test_long_methods_report_and_can_be_left(run, tmp_path):
    image = run.parent / "data" / "ant" / "0.png"
    events = explain(ExplainRequest(run=run, image=image, out=tmp_path / "out.png", method="occlusion"))
    counted = next(event for event in events if isinstance(event, Progress) and event.total)
    assert 0 < counted.done < counted.total
    events.close()
    assert list(tmp_path.iterdir()) == []
