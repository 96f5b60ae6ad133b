"""What a layer holds: against known weights, known maps, known attention."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import ScannedImage
from finetuner.engine.explanations.inside import activation_maximisation, deepdream
from finetuner.engine.explanations.inside.activation_maximisation import ActivationMaximisation
from finetuner.engine.explanations.inside.attention_rollout import AttentionRollout
from finetuner.engine.explanations.inside.channels import strongest
from finetuner.engine.explanations.inside.deepdream import DeepDream
from finetuner.engine.explanations.inside.feature_maps import FeatureMaps
from finetuner.engine.explanations.inside.filters import Filters
from finetuner.engine.explanations.inside.most_activating import MostActivating
from finetuner.engine.explanations.tap import Tap
from finetuner.engine.job import Job
from finetuner.engine.run_store.run_folder import RunFolder
from tests.engine.explanations.families import family, images
from tests.engine.explanations.subjects import drawn, subject_of

SIDE = 16


class Colours(nn.Module):
    """Channel k of its only layer is colour k; the logits are their means."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Conv2d(3, 3, 2, stride=2, bias=False)
        with torch.no_grad():
            self.body.weight.copy_(torch.eye(3)[:, :, None, None].expand(3, 3, 2, 2) / 4)

    def forward(self, images: Tensor) -> Tensor:
        maps: Tensor = self.body(images)
        return maps.mean((2, 3))


def test_filters_are_the_weights_themselves() -> None:
    model = Colours()
    with torch.no_grad():
        model.body.weight[0, 0, 0, 0] = 2.0
    found = drawn(Filters().draw(subject_of(model, side=SIDE), None))
    assert found.layer == "body"
    first = found.picture[4:52, 4:52]
    assert first[2, 2].tolist() == [255, 0, 0]
    assert first[2, 40].tolist() == [round(255 / 8), 0, 0]


def test_filters_of_other_than_three_colours_are_refused() -> None:
    model = nn.Sequential(Colours(), nn.Linear(3, 2))
    with pytest.raises(FinetunerError, match="no convolution of three colours"):
        drawn(Filters().draw(subject_of(model, side=SIDE), "1"))


def test_feature_maps_show_the_channel_that_stands_out_first() -> None:
    subject = subject_of(Colours(), side=SIDE)
    subject.images[:] = 0
    subject.images[0, 2, :2, :2] = 5
    found = drawn(FeatureMaps().draw(subject, None))
    assert found.sentence == "3 of 3 channels, the strongest first: 2, 0, 1."
    assert found.picture[4:10, 4:10].mean() > 200
    assert found.picture[60:90, 60:90].mean() < 20


def test_strongest_channels_stand_out_from_their_own_mean() -> None:
    maps = torch.zeros(3, 4, 4)
    maps[0] = 9
    maps[1, 0, 0] = 5
    assert strongest(maps, 2) == [1, 0]


class OneGlance(nn.Module):
    """A class token, four patches, one layer of attention: each token looks at patch `target` only."""

    def __init__(self, target: int, layers: int = 1) -> None:
        super().__init__()
        self.target, self.layers = target, layers

    def forward(self, images: Tensor) -> Tensor:
        tokens = torch.zeros(len(images), 1, 5, 5)
        scores = torch.full((len(images), 1, 5, 5), -50.0)
        scores[..., self.target + 1] = 50
        for _ in range(self.layers):
            tokens = scores.softmax(-1) @ tokens
        return tokens[:, 0, 0, :3]


def test_rollout_finds_the_patch_that_is_looked_at() -> None:
    found = AttentionRollout().explain(OneGlance(2), "", torch.zeros(1, 3, 8, 8), torch.tensor([0]))
    torch.testing.assert_close(found, torch.tensor([[[0, 0], [0.5, 0]]]))
    twice = AttentionRollout().explain(OneGlance(2, 2), "", torch.zeros(1, 3, 8, 8), torch.tensor([0]))
    torch.testing.assert_close(twice, torch.tensor([[[0, 0], [0.75, 0]]]))


@pytest.mark.parametrize("fused", [True, False])
def test_rollout_is_the_same_for_fused_attention(fused: bool) -> None:
    model = family("vit")
    for module in model.modules():
        if hasattr(module, "fused_attn"):
            module.fused_attn = fused
    found = AttentionRollout().explain(model, "", images(), torch.tensor([0]))
    assert found.shape == (1, 4, 4)
    reference = AttentionRollout().explain(family("vit"), "", images(), torch.tensor([0]))
    torch.testing.assert_close(found, reference)
    assert float(found.sum()) <= 1


@pytest.mark.parametrize("name", ["swin", "resnet"])
def test_rollout_needs_attention_from_all_to_all(name: str) -> None:
    with pytest.raises(FinetunerError, match="Attention rollout needs"):
        AttentionRollout().explain(family(name), "", images(), torch.tensor([0]))


@pytest.mark.parametrize(("target", "colour"), [(0, 0), (1, 1), (2, 2)])
def test_what_a_class_likes_best_is_its_colour(monkeypatch: pytest.MonkeyPatch, target: int, colour: int) -> None:
    monkeypatch.setattr(activation_maximisation, "STEPS", 60)
    found = drawn(ActivationMaximisation().draw(subject_of(Colours(), target, side=SIDE), None))
    means = found.picture.astype(float).mean((0, 1))
    assert means.argmax() == colour
    assert means[colour] > 170


def test_with_a_layer_it_paints_for_its_strongest_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activation_maximisation, "STEPS", 60)
    subject = subject_of(Colours(), 0, side=SIDE)
    subject.images[:] = 0
    subject.images[0, 1, :2, :2] = 5
    found = drawn(ActivationMaximisation().draw(subject, "body"))
    assert found.picture.astype(float).mean((0, 1)).argmax() == 1
    assert "channel 1" in found.sentence
    assert found.layer == "body"


@pytest.mark.parametrize("name", ["resnet", "vit"])
def test_a_dream_holds_more_of_what_the_layer_sees(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(deepdream, "STEPS", 3)
    model = family(name)
    subject = subject_of(model)
    layer = "layer2" if name == "resnet" else "blocks.3"
    found = drawn(DeepDream().draw(subject, layer))
    dreamt = subject.trained.deployed.preprocess(torch.from_numpy(found.picture.copy())[None])
    amounts = []
    for shown in (subject.images, dreamt):
        with torch.no_grad(), Tap(model, layer) as tap:
            model(shown)
        amounts.append(float(tap.output.detach().square().mean()))
    assert amounts[1] > amounts[0]


@pytest.fixture
def reds(tmp_path: Path) -> RunFolder:
    """A run whose validation images grow redder by number, and one that has gone."""
    run = RunFolder.create(tmp_path / "run", Job())
    scanned = []
    for number in range(8):
        path = tmp_path / f"{number}.png"
        pixels = np.zeros((20, 20, 3), np.uint8)
        pixels[:, :, 0] = number * 30
        Image.fromarray(pixels).save(path)
        scanned.append(ScannedImage(path=str(path), label="ant", split="val", width=20, height=20, format="PNG"))
    run.pin_split(("ant",), scanned)
    (tmp_path / "3.png").unlink()
    return run


def test_the_images_that_a_channel_answers_to_most_come_first(reds: RunFolder) -> None:
    subject = subject_of(Colours(), run=reds.path, side=SIDE)
    subject.images[:] = 0
    subject.images[0, 0, :2, :2] = 5
    found = drawn(MostActivating().draw(subject, "body"))
    shown = [int(found.picture[70, 70 + 132 * column, 0]) for column in range(6)]
    assert shown == [210, 180, 150, 120, 60, 30]
    assert found.sentence.startswith("Of 7 images")


def test_a_run_whose_images_have_gone_is_a_sentence(reds: RunFolder) -> None:
    for path, _ in reds.pinned("val"):
        path.unlink(missing_ok=True)
    with pytest.raises(FinetunerError, match="None of the run's validation images"):
        drawn(MostActivating().draw(subject_of(Colours(), run=reds.path, side=SIDE), "body"))


def test_a_run_without_images_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="list of images"):
        drawn(MostActivating().draw(subject_of(Colours(), run=tmp_path, side=SIDE), "body"))
