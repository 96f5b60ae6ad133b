"""The derivative along a direction, against one computed by moving the layer's output."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from finetuner.engine.dataset.deploy import Preprocess
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.concepts import activations as module
from finetuner.engine.explanations.concepts.activations import activations, derivatives, middle_layer
from finetuner.engine.explanations.explanation import Step
from finetuner.engine.explanations.tap import Tap
from tests.engine.explanations.concepts.stripes import draw
from tests.engine.explanations.families import FAMILIES, SIDE, family, images
from tests.engine.explanations.test_contract import state

PREPROCESS = Preprocess(Preprocessing(input_size=SIDE, crop_pct=1.0))
USUAL = {
    "resnet": "layer3.0",
    "vgg": "0.8",
    "mobilenet": "blocks.4.2",
    "efficientnet": "blocks.3.0",
    "convnext": "stages.2",
    "densenet": "features.denseblock3",
    "googlenet": "inception4d",
    "vit": "blocks.3",
    "vit-of-torchvision": "encoder.layers.encoder_layer_1",
    "swin": "layers.2",
}


def ended(steps) -> Tensor:
    seen = list[Step]()
    while True:
        try:
            seen.append(next(steps))
        except StopIteration as end:
            assert seen[-1][0] == seen[-1][1]
            found: Tensor = end.value
            return found


@pytest.mark.parametrize("name", FAMILIES)
def test_the_usual_layer_of_each_family(name: str) -> None:
    assert middle_layer(family(name), images()) == USUAL[name]


@pytest.mark.parametrize("name", FAMILIES)
def test_the_derivative_is_what_moving_the_layers_output_gives(name: str, tmp_path: Path) -> None:
    model = family(name)
    layer, paths = middle_layer(model, images()), draw(tmp_path / "photos", 3, 0)
    before = state(model)
    answers = ended(activations(model, layer, PREPROCESS, paths))
    vectors = torch.randn(answers.shape[1], 4, generator=torch.Generator().manual_seed(0))
    vectors /= vectors.norm(dim=0)
    found = ended(derivatives(model, layer, PREPROCESS, paths, 1, vectors))
    assert state(model) == before
    inputs = torch.cat([image for image in module.inputs(PREPROCESS, paths) if image is not None])
    torch.testing.assert_close(found, moved(model.double(), layer, inputs.double(), vectors), rtol=0.02, atol=1e-4)


def moved(model: nn.Module, layer: str, inputs: Tensor, vectors: Tensor, far: float = 1e-5) -> Tensor:
    """Central differences of the logit of class 1, N,D."""
    columns = []
    for vector in vectors.double().T:
        ends = []
        for way in (far, -far):
            hook = model.get_submodule(layer).register_forward_hook(
                lambda _module, _inputs, output, way=way, vector=vector: output + way * vector.view(output.shape[1:])
            )
            with torch.no_grad():
                ends.append(model(inputs)[:, 1])
            hook.remove()
        columns.append((ends[0] - ends[1]) / (2 * far))
    return torch.stack(columns, 1).float()


def test_activations_are_the_layers_whole_output(tmp_path: Path) -> None:
    model, paths = family("vit"), draw(tmp_path / "photos", 9, 0)
    paths[4].write_text("no image")
    found = ended(activations(model, "blocks.3", PREPROCESS, paths))
    one = next(image for image in module.inputs(PREPROCESS, paths[8:]) if image is not None)
    with torch.no_grad(), Tap(model, "blocks.3") as tap:
        model(one)
    assert found.shape == (8, tap.output[0].numel())
    torch.testing.assert_close(found[-1], tap.output.detach().flatten(), rtol=1e-4, atol=1e-4)


def test_a_layer_within_windows_is_refused(tmp_path: Path) -> None:
    model, paths = family("swin"), draw(tmp_path / "photos", 1, 0)
    with pytest.raises(FinetunerError, match="no row for each image"):
        ended(activations(model, "layers.0.blocks.0.attn", PREPROCESS, paths))


def test_more_than_memory_should_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_VALUES", 1000)
    with pytest.raises(FinetunerError, match="too many to draw lines between them"):
        ended(activations(family("resnet"), "layer1.0", PREPROCESS, draw(tmp_path / "photos", 1, 0)))


def test_a_layer_without_influence_is_refused(tmp_path: Path) -> None:
    class Deaf(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.ignored, self.heard = nn.Conv2d(3, 2, 3), nn.Conv2d(3, 2, 3)

        def forward(self, images: Tensor) -> Tensor:
            self.ignored(images)
            found: Tensor = self.heard(images)
            return found.mean((2, 3))

    with pytest.raises(FinetunerError, match="does not influence"):
        ended(derivatives(Deaf(), "ignored", PREPROCESS, draw(tmp_path / "one", 1, 0), 1, torch.ones(2 * 62 * 62, 1)))
