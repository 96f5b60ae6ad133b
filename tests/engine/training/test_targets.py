import pytest
import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.job import Job
from finetuner.engine.training.targets import Targets

CPU = torch.device("cpu")
LABELS = torch.tensor([0, 0, 0, 0, 0, 0, 1, 2])


def targets(**options: object) -> Targets:
    return Targets(Job().changed(**options), LABELS, 3, CPU)


@pytest.fixture
def logits() -> Tensor:
    return torch.randn(8, 3, generator=torch.Generator().manual_seed(0))


def test_without_wishes_it_is_plain_cross_entropy(logits: Tensor) -> None:
    loss = targets(label_smoothing=0).loss(logits, LABELS, LABELS)
    torch.testing.assert_close(loss, functional.cross_entropy(logits, LABELS))


@pytest.mark.parametrize("balance", ["none", "weights"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_parts_of_a_batch_add_up_to_its_mean(logits: Tensor, balance: str, smoothing: float) -> None:
    chosen = targets(balance=balance, label_smoothing=smoothing)
    parts = [chosen.loss(part, wanted, LABELS) for part, wanted in zip(logits.split(3), LABELS.split(3), strict=True)]
    expected = functional.cross_entropy(logits, LABELS, weight=chosen.weights, label_smoothing=smoothing)
    torch.testing.assert_close(sum(parts), expected)


def test_class_weights_are_inverse_frequencies_of_mean_one() -> None:
    weights = targets(balance="weights").weights
    assert weights is not None
    assert (weights * torch.tensor([6, 1, 1])).tolist() == pytest.approx([8 / 3] * 3)
    assert weights[LABELS].mean() == pytest.approx(1)
    assert targets().weights is None


def test_even_sampling_weighs_a_solved_head_and_not_the_loss() -> None:
    sampled, weighed = targets(balance="sampler"), targets(balance="weights")
    assert sampled.weights is None
    assert sampled.importance is not None
    assert weighed.weights is not None
    assert torch.equal(sampled.importance, weighed.weights)
    assert targets().importance is None


def test_a_class_without_images_does_no_harm() -> None:
    weights = Targets(Job().changed(balance="weights"), torch.tensor([0, 0]), 2, CPU).weights
    assert weights is not None
    assert weights.isfinite().all()


@pytest.mark.parametrize("option", ["mixup", "cutmix"])
def test_mixing_gives_shares_that_add_up_to_one(option: str) -> None:
    chosen = targets(**{option: 1.0})
    chosen.seeded(0, 0)
    images, shares = chosen.mixed(torch.rand(8, 3, 16, 16), LABELS)
    assert images.shape == (8, 3, 16, 16)
    assert shares.shape == (8, 3)
    torch.testing.assert_close(shares.sum(1), torch.ones(8))
    assert not torch.equal(shares, functional.one_hot(LABELS, 3).float())
    assert chosen.loss(torch.randn(8, 3), shares, shares).isfinite()


def test_mixing_comes_from_seed_epoch_and_batch_alone() -> None:
    chosen, images = targets(mixup=1.0, cutmix=1.0), torch.rand(8, 3, 16, 16)

    def mixed(epoch: int, batch: int) -> Tensor:
        chosen.seeded(epoch, batch)
        return chosen.mixed(images, LABELS)[0]

    assert torch.equal(mixed(1, 2), mixed(1, 2))
    assert not torch.equal(mixed(1, 2), mixed(2, 1))


@pytest.mark.parametrize("options", [{}, {"mixup": 1.0}])
def test_a_lone_image_and_a_plain_job_are_left_as_they_are(options: dict[str, float]) -> None:
    images, labels = torch.rand(1, 3, 8, 8), torch.tensor([1])
    same, still = targets(**options).mixed(images, labels)
    assert same is images
    assert still is labels
