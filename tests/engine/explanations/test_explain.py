from pathlib import Path

import numpy as np
import pytest
import torch

from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Explained, Notice
from finetuner.engine.explanations import EXPLANATIONS
from finetuner.engine.explanations.explain import explain
from finetuner.engine.explanations.explanation import explanation
from finetuner.engine.explanations.target import target_layer
from finetuner.engine.prediction.predictor import open_model
from finetuner.engine.requests import ExplainRequest
from tests.engine.tiny import CLASSES, tiny_network, tiny_run

FAMILIES = ("test_resnet", "test_efficientnet", "test_vit", "test_vit3", "test_mambaout", "test_convnext")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return tiny_run(tmp_path_factory.mktemp("explained"))


def explained(run, out, **options) -> Explained:
    image = run.parent / "data" / "ant" / "0.png"
    *_, event = explain(ExplainRequest(run=run, image=image, out=out, **options))
    assert isinstance(event, Explained)
    return event


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", EXPLANATIONS)
def test_every_method_keeps_its_contract_on_every_family(name, family):
    network = tiny_network(family, image_size=160)
    network.model.eval()
    torch.manual_seed(1)
    images, targets = torch.randn(3, 3, 160, 160), torch.tensor([0, 1, 2])
    before = {key: value.clone() for key, value in network.model.state_dict().items()}
    maps = explanation(name).explain(network.model, target_layer(network.model, images), images, targets)
    assert maps.ndim == 3
    assert len(maps) == 3
    assert maps.shape[1] > 1
    assert torch.isfinite(maps).all()
    assert (maps >= 0).all()
    assert maps.any()
    assert all(torch.equal(before[key], value) for key, value in network.model.state_dict().items())
    assert not any(module._forward_hooks for module in network.model.modules())


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_an_image_is_explained_alone_as_in_company(name):
    network = tiny_network("test_vit", image_size=160)
    network.model.eval()
    images, targets = torch.randn(2, 3, 160, 160), torch.tensor([0, 1])
    layer = target_layer(network.model, images)
    together = explanation(name).explain(network.model, layer, images, targets)
    alone = explanation(name).explain(network.model, layer, images[1:], targets[1:])
    torch.testing.assert_close(together[1:], alone, atol=1e-5, rtol=1e-3)


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
        ({"method": "grad-cma"}, "Did you mean grad-cam"),
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
    from finetuner.engine.explanations.grad_cam import GradCam

    monkeypatch.setattr(GradCam, "explain", lambda *arguments: torch.zeros(1, 2, 2))
    image = run.parent / "data" / "ant" / "0.png"
    events = list(explain(ExplainRequest(run=run, image=image, out=tmp_path / "out.png", label="bee")))
    assert any(
        isinstance(event, Notice) and "nothing in the image speaks for bee" in event.sentence for event in events
    )
