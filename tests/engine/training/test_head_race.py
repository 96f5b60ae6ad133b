import pytest
import torch
from torch import Tensor
from torch.nn import functional

from finetuner.engine.training import head_race
from finetuner.engine.training.head_race import FOLDS, PENALTIES, Runner, best_of
from finetuner.engine.training.head_room import Room

CLASSES = 3


def room(features: Tensor) -> Room:
    return Room(features, features.double().mean(0), torch.ones((), dtype=torch.double))


def best(features: Tensor, labels: Tensor) -> Runner:
    return best_of([room(features)], labels, torch.ones(CLASSES, dtype=torch.double))


def clouds(count: int, spread: float) -> tuple[Tensor, Tensor]:
    """Clouds of points around their classes."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(count) % CLASSES
    return functional.one_hot(labels, CLASSES) + spread * torch.randn(count, CLASSES, generator=generator), labels


def noise(count: int, width: int) -> Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(1))


def test_the_penalty_is_the_one_that_predicts_best_on_held_out_points() -> None:
    features, labels = clouds(60, spread=0.01)
    assert best(noise(60, 60), labels).penalty in PENALTIES[:2]
    assert best(features, labels).penalty == PENALTIES[-1]


def test_of_few_images_every_penalty_runs_every_lap(monkeypatch: pytest.MonkeyPatch) -> None:
    solved: list[float] = []
    solve = Room.solve

    def counted(self: Room, labels: Tensor, importance: Tensor, penalty: float, *rest: Tensor | None) -> Tensor:
        solved.append(penalty)
        return solve(self, labels, importance, penalty, *rest)

    monkeypatch.setattr(Room, "solve", counted)
    assert len(best(*clouds(60, spread=1.0)).losses) == 60
    assert sorted(solved) == sorted(PENALTIES * FOLDS)
    solved.clear()
    monkeypatch.setattr(head_race, "_TELLING", 10)
    monkeypatch.setattr(head_race, "_CLEARLY", 0.0)
    assert len(best(*clouds(60, spread=1.0)).losses) == 60 / FOLDS
    assert len(solved) <= len(PENALTIES)


def test_the_race_ends_as_it_would_if_all_ran_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    features, labels = clouds(1200, spread=1.0)
    features = torch.cat((features, noise(1200, 100)), 1)
    early = best(features, labels)
    assert len(early.laps) < FOLDS
    monkeypatch.setattr(head_race, "_CLEARLY", torch.inf)
    late = best(features, labels)
    assert len(late.laps) == FOLDS
    assert early.penalty == late.penalty


def test_each_lap_is_about_images_that_its_head_has_not_seen() -> None:
    """Labels by chance can be learnt by heart, but not foretold."""
    labels = torch.arange(60) % CLASSES
    found = best(noise(60, 60), labels)
    assert found.loss > 0.9 * torch.tensor(float(CLASSES)).log()


def test_the_room_in_which_heads_serve_better_wins() -> None:
    features, labels = clouds(90, spread=0.5)
    drowned = torch.cat((features, 1e4 * noise(90, 4)), 1)
    centre, ones = drowned.double().mean(0), torch.ones(CLASSES, dtype=torch.double)
    alike = Room(drowned, centre, torch.tensor(1e4).double())
    apart = Room(drowned, centre, drowned.double().std(0))
    assert best_of([alike, apart], labels, ones).room is apart
    assert best_of([apart, alike], labels, ones).room is apart


def runner(*losses: float) -> Runner:
    return Runner(room(noise(4, 2)), 1.0, laps=[torch.tensor(losses, dtype=torch.double)])


def test_behind_is_who_loses_clearly_more_on_the_same_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head_race, "_TELLING", 4)
    first = runner(0.1, 0.9, 0.2, 0.4)
    assert runner(0.2, 1.0, 0.29, 0.5).is_behind(first)
    assert not runner(0.0, 2.0, 0.1, 0.5).is_behind(first)
    assert not first.is_behind(first)
    monkeypatch.setattr(head_race, "_TELLING", 5)
    assert not runner(0.2, 1.0, 0.29, 0.5).is_behind(first)
