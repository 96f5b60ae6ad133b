import pytest
import torch
from torch import Tensor
from torch.autograd.functional import hessian, jacobian
from torch.nn import functional

from finetuner.engine.training import newton
from finetuner.engine.training.newton import Task, minimise

CLASSES = 3


@pytest.fixture(params=[7, 4096], ids=["in pieces", "at once"])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newton, "PIECE", request.param)


def task(count: int = 40, width: int = 6, decay: float = 0.01) -> Task:
    """Overlapping clouds, the rows of one class twice as heavy, the last column ones that nothing holds back."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(count) % CLASSES
    rows = torch.randn(count, width, generator=generator) + torch.randn(CLASSES, width, generator=generator)[labels]
    rows[:, -1] = 1
    shares = torch.where(labels == 0, 2.0, 1.0).double()
    held = torch.full((width,), decay, dtype=torch.double)
    held[-1] = 0
    return Task(rows, labels, shares / shares.sum(), held)


def somewhere(given: Task) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randn(CLASSES, given.rows.shape[1], generator=generator, dtype=torch.double)


def loss_at(given: Task, place: Tensor) -> Tensor:
    losses = functional.cross_entropy(given.rows.double() @ place.T, given.labels, reduction="none")
    return losses @ given.shares + (place.square() @ given.decay).sum() / 2


@pytest.mark.usefixtures("pieces")
def test_loss_slope_and_curvature_are_autograd_s() -> None:
    given = task()
    place, direction = somewhere(given), somewhere(given).roll(1, 0)
    view = given.at(place)
    assert view.loss == pytest.approx(float(loss_at(given, place)), rel=1e-12)
    slope = jacobian(lambda there: loss_at(given, there), place)
    torch.testing.assert_close(view.slope, slope)
    bent = hessian(lambda there: loss_at(given, there), place).reshape(place.numel(), place.numel())
    torch.testing.assert_close(view.diagonal().double().flatten(), bent.diagonal(), atol=1e-6, rtol=1e-4)
    along = (bent @ direction.flatten()).view_as(place)
    torch.testing.assert_close(view.curvature(direction.float()).double(), along, atol=1e-6, rtol=1e-4)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("decay", [1.0, 1e-2, 1e-6])
def test_it_ends_where_nothing_slopes_from_wherever_it_begins(decay: float) -> None:
    given = task(decay=decay)
    pace = torch.ones(given.rows.shape[1], dtype=torch.double)
    found = [minimise(given, start, pace, 1e-7) for start in (torch.zeros_like(somewhere(given)), somewhere(given))]
    for place in found:
        assert float(given.at(place).slope.abs().max()) <= 1e-7
    shares = [(given.rows.double() @ place.T).softmax(1) for place in found]
    torch.testing.assert_close(shares[0], shares[1], atol=1e-4, rtol=0)


def test_who_is_there_already_stays() -> None:
    given = task()
    pace = torch.ones(given.rows.shape[1], dtype=torch.double)
    place = minimise(given, somewhere(given), pace, 1e-7)
    assert minimise(given, place, pace, 1e-7) is place


def test_a_step_too_far_is_shortened() -> None:
    """From a place where the curvature is much less than on the way down, as far off among sure answers."""
    given = task(decay=1e-6)
    pace = torch.ones(given.rows.shape[1], dtype=torch.double)
    far = 20 * somewhere(given)
    found = minimise(given, far, pace, 1e-6)
    assert float(loss_at(given, found)) < float(loss_at(given, torch.zeros_like(far))) < float(loss_at(given, far))


def test_where_float32_sees_no_curvature_it_ends() -> None:
    given = task(decay=0.0)
    place = 1e6 * somewhere(given)
    assert float(given.at(place).slope.abs().max()) > 1e-3
    assert minimise(given, place, torch.ones(given.rows.shape[1], dtype=torch.double), 1e-6).isfinite().all()


def test_a_share_next_to_nothing_is_nothing() -> None:
    """Products of such numbers lie where a processor is slow."""
    given = task()
    guesses = given.at(30 * somewhere(given)).guesses
    assert (guesses == 0).any()
    assert float(guesses[guesses > 0].min()) >= 1e-12
    torch.testing.assert_close(guesses.sum(1), torch.ones(len(guesses)))
