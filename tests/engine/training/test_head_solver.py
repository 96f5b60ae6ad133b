import weakref
from typing import Any

import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from finetuner.engine.training import head_race, head_room, head_solver, newton
from finetuner.engine.training.head_race import PENALTIES
from finetuner.engine.training.head_room import Room
from finetuner.engine.training.head_solver import solve_head


def clouds(count: int = 60, width: int = 8, classes: int = 3) -> tuple[Tensor, Tensor]:
    """Overlapping clouds of points, off-centre and of awkward scale."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(count) % classes
    centres = torch.randn(classes, width, generator=generator)
    points = centres[labels] + 2 * torch.randn(count, width, generator=generator)
    return points.float() * 0.01 + 5, labels


def centre_and_scale(features: Tensor) -> tuple[Tensor, Tensor]:
    centre = features.double().mean(0)
    [scale] = head_solver._scales(features, centre)
    return centre, scale


@pytest.fixture(params=PENALTIES)
def penalty(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.setattr(head_race, "PENALTIES", (request.param,))
    return float(request.param)


def test_it_is_scikit_learn_s_optimum(penalty: float) -> None:
    features, labels = clouds()
    weight, bias = solve_head(features, labels, 3, None, seed=0)
    centre, scale = centre_and_scale(features)
    scaled = (features - centre) / scale
    peer = LogisticRegression(C=penalty, tol=1e-10, max_iter=10_000).fit(scaled.numpy(), labels.numpy())
    expected = torch.from_numpy(peer.predict_proba(scaled.numpy()))
    torch.testing.assert_close(torch.softmax(features @ weight.T + bias, 1).double(), expected, atol=2e-4, rtol=0)
    torch.testing.assert_close(weight.double() * scale, torch.from_numpy(peer.coef_), atol=2e-4, rtol=1e-3)


@pytest.mark.parametrize("weights", [None, torch.tensor([0.5, 1.0, 4.0])])
def test_the_gradient_vanishes_at_the_solution(penalty: float, weights: Tensor | None) -> None:
    features, labels = clouds()
    centre, scale = centre_and_scale(features)
    importance = torch.ones(3, dtype=torch.double) if weights is None else weights.double()
    room = Room(features, centre, scale)
    weight, bias = (terms.requires_grad_() for terms in room.terms(room.solve(labels, importance, penalty)))
    fit = functional.cross_entropy(features.double() @ weight.T + bias, labels, importance)
    (fit + (weight * scale).square().sum() / (2 * penalty * len(labels))).backward()
    assert weight.grad is not None
    assert bias.grad is not None
    assert max(weight.grad.abs().max(), bias.grad.abs().max()) < 1e-5


def answers(features: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
    weight, bias = solve_head(features, labels, 3, weights, seed=0)
    return (features @ weight.T + bias).argmax(1)


def test_class_weights_pull_the_answer_towards_the_heavy_class() -> None:
    features, labels = clouds()
    heavy = answers(features, labels, torch.tensor([0.1, 0.1, 10.0]))
    assert (heavy == 2).sum() > (answers(features, labels) == 2).sum()


def test_weights_leave_a_device_that_knows_no_float64_before_they_become_it() -> None:
    class OnApple:
        def cpu(self) -> Tensor:
            return torch.tensor([0.1, 0.1, 10.0])

        def double(self) -> Tensor:
            raise TypeError("Cannot convert a MPS Tensor to float64")

    features, labels = clouds()
    expected = answers(features, labels, torch.tensor([0.1, 0.1, 10.0]))
    assert torch.equal(answers(features, labels, OnApple()), expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [5, 60])
def test_a_head_and_its_place_are_the_same(count: int) -> None:
    """With fewer images than features, and with more."""
    features, labels = clouds(count)
    room = Room(features, *centre_and_scale(features))
    place = room.solve(labels, torch.ones(3, dtype=torch.double), penalty=1.0)
    torch.testing.assert_close(room.place(*room.terms(place)), place)


@pytest.mark.parametrize("count", [2, 4, 8])
def test_a_handful_of_images_is_enough(count: int) -> None:
    labels = torch.arange(count) % 2
    features = functional.one_hot(labels, 2).float() + 0.1 * torch.rand(count, 2)
    weight, bias = solve_head(features, labels, 2, None, seed=0)
    assert ((features @ weight.T + bias).argmax(1) == labels).all()


def test_features_that_do_not_vary_give_the_shares_of_the_classes() -> None:
    labels = torch.tensor([0, 0, 0, 1] * 5)
    weight, bias = solve_head(torch.ones(20, 4), labels, 2, None, seed=0)
    torch.testing.assert_close(torch.softmax(torch.ones(1, 4) @ weight.T + bias, 1), torch.tensor([[0.75, 0.25]]))


def test_the_same_features_give_the_same_head() -> None:
    features, labels = clouds()
    first, second = (solve_head(features, labels, 3, None, seed=5) for _ in range(2))
    assert torch.equal(first[0], second[0])
    assert torch.equal(first[1], second[1])


def test_a_few_large_features_do_not_drown_the_rest() -> None:
    """As in a network whose features differ by a factor of ten thousand, and the large ones are noise."""
    features, labels = clouds(count=240)
    generator = torch.Generator().manual_seed(1)
    noise = 1e4 * torch.randn(240, 4, generator=generator)
    still = torch.full((240, 3), 7.0)
    learned, tested = torch.arange(240) < 120, torch.arange(240) >= 120
    drowned = torch.cat([features, noise, still], 1)
    shares = []
    for seen in (features, drowned):
        weight, bias = solve_head(seen[learned], labels[learned], 3, None, seed=0)
        shares.append(float(((seen[tested] @ weight.T + bias).argmax(1) == labels[tested]).double().mean()))
    assert shares[1] > shares[0] - 0.1


class Copies(TorchDispatchMode):
    """Counts the tensors of at least `size` numbers that operations made, as many as lived at once."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size, self.most = size, 0
        self._made: list[weakref.ref[Tensor]] = []

    def __torch_dispatch__(
        self, function: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = function(*args, **(kwargs or {}))
        if isinstance(result, Tensor) and result.numel() >= self.size:
            self._made.append(weakref.ref(result))
            alive = [tensor for made in self._made if (tensor := made()) is not None]
            self.most = max(self.most, len({tensor.data_ptr() for tensor in alive}))
        return result


def test_many_features_are_copied_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 60,000 images a copy takes half a GB."""
    monkeypatch.setattr(head_solver, "_ENOUGH", 40)
    monkeypatch.setattr(newton, "PIECE", 40)
    monkeypatch.setattr(head_room, "PIECE", 40)
    monkeypatch.setattr(head_solver, "PIECE", 40)
    features, labels = clouds(count=240, width=16)
    with Copies(features.numel()) as copies:
        solve_head(features, labels, 3, None, seed=0)
    assert copies.most == 1


def test_the_features_are_left_as_they_were() -> None:
    features, labels = clouds()
    for given in (features, features.double()):
        before = given.clone()
        solve_head(given, labels, 3, None, seed=0)
        assert torch.equal(given, before)


def test_sound_features_are_scaled_alike() -> None:
    features, _ = clouds()
    assert len(list(head_solver._scales(features, features.double().mean(0)))) == 1


@pytest.mark.parametrize("number", [torch.nan, torch.inf])
def test_features_that_are_no_numbers_give_a_head_that_is_none(number: float) -> None:
    features, labels = clouds()
    features[3, 2] = number
    weight, bias = solve_head(features, labels, 3, None, seed=0)
    assert weight.shape == (3, features.shape[1])
    assert weight.isnan().all()
    assert bias.isnan().all()
