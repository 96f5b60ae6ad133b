"""The smallest change is known where the network is linear."""

import pytest
import torch
from torch import Tensor, nn

from finetuner.engine.explanations.fragile.attack import Attack
from finetuner.engine.explanations.fragile.fgsm import Fgsm
from finetuner.engine.explanations.fragile.pgd import Pgd
from tests.engine.explanations.families import family
from tests.engine.explanations.subjects import drawn, subject_of

SIDE = 16


class Brightness(nn.Module):
    """Says class 1 as soon as the image is brighter than `limit`, in normalised values; class 2 never."""

    def __init__(self, limit: float) -> None:
        super().__init__()
        self.limit = limit

    def forward(self, images: Tensor) -> Tensor:
        over = images.mean((1, 2, 3)) - self.limit
        return torch.stack([-over, over, over * 0 - 9], 1) * 5


def levels_needed(subject, model: Brightness) -> float:
    """By how many levels every value must rise until the mean is at the limit."""
    step = ((subject.pixels.white - subject.pixels.black) / 255).mean()
    return float((model.limit - subject.images.mean()) / step)


@pytest.mark.parametrize("method", [Fgsm(), Pgd()])
@pytest.mark.parametrize("distance", [0.03, 0.1])
def test_the_smallest_change_is_found(method, distance: float) -> None:
    plain = subject_of(Brightness(0.0), side=SIDE)
    model = Brightness(float(plain.images.mean()) + distance)
    subject = subject_of(model, side=SIDE)
    found = drawn(method.draw(subject, None))
    told = float(found.sentence.split()[3])
    assert told == pytest.approx(levels_needed(subject, model), rel=0.1)
    assert "answer bee" in found.sentence
    assert "in place of ant" in found.sentence


@pytest.mark.parametrize("method", [Fgsm(), Pgd()])
def test_a_class_that_cannot_be_reached_is_told(method) -> None:
    found = drawn(method.draw(subject_of(Brightness(1.0), target=2, side=SIDE), None))
    assert found.sentence.startswith("No change by")
    assert "answer cow" in found.sentence


@pytest.mark.parametrize("method", [Fgsm(), Pgd()])
@pytest.mark.parametrize("name", ["mobilenet", "vit"])
def test_the_picture_holds_image_changed_image_and_difference(method, name: str) -> None:
    model = family(name)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    found = drawn(method.draw(subject_of(model), None))
    assert found.picture.shape == (344, 1024, 3)
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
    assert all(parameter.grad is None and parameter.requires_grad for parameter in model.parameters())


def test_the_change_stays_within_reach_and_can_be_shown() -> None:
    attack = Attack(subject_of(family("resnet")))
    near = attack.within(attack.subject.images + 100, 2.0)
    assert bool((near <= attack.subject.images + 2.001 * attack.level).all())
    assert bool((near <= attack.subject.pixels.white + 1e-5).all())
