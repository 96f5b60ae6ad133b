import copy
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
import torch
from PIL import Image
from torch import Tensor, nn

from finetuner.engine.backbones.deployed import Deployed, Trained
from finetuner.engine.dataset.preprocessing import Preprocessing
from finetuner.engine.events import Trust
from finetuner.engine.explanations.attribution.grad_cam import GradCam
from finetuner.engine.explanations.explanation import finished
from finetuner.engine.explanations.subject import Subject
from finetuner.engine.explanations.trust import answers_in_order, judged, randomised, rank_correlation, verdict
from tests.engine.tiny import CLASSES, tiny_network

FINE = Trust(
    deletion=0.2, insertion=0.8, deletion_by_chance=0.5, insertion_by_chance=0.5, likeness=0.1, sentence=""
)  # fmt: skip


class RedInTheMiddle(nn.Module):
    """Class 0 is as likely as the middle is red."""

    def forward(self, images: Tensor) -> Tensor:
        red = images[:, 0, 24:40, 24:40].mean((1, 2))
        return torch.stack([red * 8 - 4, torch.zeros_like(red)], 1)


@pytest.fixture
def subject() -> Subject:
    network = tiny_network()
    network.model.eval()
    pixels = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    deployed = Deployed(network.model, network.preprocessing)
    images = deployed.preprocess(torch.from_numpy(pixels)[None])
    trained = Trained(network, CLASSES, 1.0, deployed)
    return Subject(Path("run"), trained, Path("x.png"), Image.fromarray(pixels), images, 0, 0.5)


def ended(steps):
    while True:
        try:
            done, total = next(steps)
            assert 0 < done <= total
        except StopIteration as end:
            return end.value


def test_rank_correlation_is_spearmans_with_ties():
    generator = np.random.default_rng(0)
    one, other = generator.integers(0, 5, 200), generator.integers(0, 9, 200)
    expected = scipy.stats.spearmanr(one, other).statistic
    assert rank_correlation(torch.tensor(one), torch.tensor(other)) == pytest.approx(expected)
    assert rank_correlation(torch.tensor(one), torch.tensor(one) * 3) == pytest.approx(1)
    assert rank_correlation(torch.zeros(4), torch.arange(4)) == 0


def test_deleting_what_matters_first_lowers_the_answer_sooner(subject):
    subject.trained.network.model = RedInTheMiddle()
    images = torch.zeros_like(subject.images)
    images[:, 0, 24:40, 24:40] = 1
    there = Subject(subject.run, subject.trained, subject.path, subject.photo, images, 0, 0.9)
    good = torch.zeros(1, 64, 64)
    good[:, 24:40, 24:40] = 1
    deleted, inserted = ended(answers_in_order(there, good))
    deleted_last, inserted_last = ended(answers_in_order(there, -good))
    assert deleted < 0.3 < deleted_last
    assert inserted > inserted_last


def test_randomising_shuffles_the_upper_half_of_a_copy(subject):
    network = subject.trained.network
    before = copy.deepcopy(network.model.state_dict())
    changed = {name for name, value in randomised(network).state_dict().items() if not torch.equal(value, before[name])}
    upper = {name for block in network.blocks[len(network.blocks) // 2 :] for name in block.parameters}
    lower = {name for block in network.blocks[: len(network.blocks) // 2] for name in block.parameters}
    assert network.head_name + ".weight" in changed
    assert changed <= upper
    assert lower
    assert all(torch.equal(before[name], value) for name, value in network.model.state_dict().items())
    shuffled = randomised(network).get_submodule(network.head_name).weight
    torch.testing.assert_close(shuffled.flatten().sort().values, network.head.weight.flatten().sort().values)


class EdgesOnly:
    """A method that never looks at the network."""

    def explain(self, model, layer, images, targets):
        return images[:, 0].diff(dim=1, prepend=images[:, 0, :1]).abs()


def test_a_method_that_ignores_the_network_is_found_out(subject):
    found = EdgesOnly().explain(subject.model, "", subject.images, subject.targets)[0]
    trust = ended(judged(subject, EdgesOnly(), "", found))
    assert trust.likeness == pytest.approx(1)
    assert trust.sentence == "This map barely changes when the network is randomised: do not rely on it."


def test_a_method_that_depends_on_the_network_is_not(subject):
    found = finished(GradCam().explain(subject.model, "layer3", subject.images, subject.targets))[0]
    trust = ended(judged(subject, GradCam(), "layer3", found.detach()))
    assert trust.likeness < 0.5
    assert 0 <= trust.deletion <= 1
    assert 0 <= trust.insertion <= 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "the answer hangs on what it marks"),
        ({"likeness": 0.9}, "do not rely on it"),
        ({"deletion": 0.6, "insertion": 0.4}, "places chosen at random"),
        ({"deletion": 0.6}, "not clear"),
    ],
)
def test_the_verdict_is_the_worst_that_was_found(changes, sentence):
    assert sentence in verdict(FINE.model_copy(update=changes))


def test_preprocessing_is_that_of_the_run(subject):
    black = Preprocessing(mean=(0, 0, 0), std=(1, 1, 1))
    subject.trained.deployed = Deployed(subject.model, black)
    assert subject.pixels.black.tolist() == [[[[0.0]], [[0.0]], [[0.0]]]]
    assert subject.pixels.white.flatten().tolist() == [1, 1, 1]
