import math
import time

import pytest
from pydantic import ValidationError

from finetuner.engine.training.position import Position


def test_an_untouched_position_survives_json() -> None:
    assert Position.model_validate_json(Position().model_dump_json()).model_dump_json() == Position().model_dump_json()


def test_steps_are_counted_and_sums_weighted_by_images() -> None:
    position = Position()
    position.count(2.0, 6, 0.5)
    position.count(1.0, 2, 0.5)
    assert (position.step, position.batch, position.images_total) == (2, 2, 8)
    assert position.train_loss == pytest.approx(14 / 8)
    assert position.images_per_second == 8


def test_the_next_epoch_starts_with_empty_sums_and_the_run_goes_on() -> None:
    position = Position()
    position.count(2.0, 6, 0.5)
    position.next_epoch()
    assert (position.epoch, position.step, position.batch, position.learning_seconds) == (1, 1, 0, 0.5)
    assert math.isnan(position.train_loss)
    assert position.images_per_second == 0


def test_the_best_is_judged_by_accuracy_then_by_loss() -> None:
    position = Position()
    epochs = [(0.5, 1.0), (0.5, 0.9), (0.4, 0.1), (0.5, 0.9), (0.6, 5.0)]
    verdicts = []
    for accuracy, loss in epochs:
        verdicts.append(position.judge(accuracy, loss))
        position.next_epoch()
    assert verdicts == [True, True, False, False, True]
    assert (position.best_epoch, position.best_accuracy, position.best_loss) == (5, 0.6, 5.0)


def test_the_first_epoch_is_the_best_so_far_however_bad() -> None:
    assert Position().judge(0.0, 1e9)


@pytest.mark.parametrize(
    "facts",
    [{"step": -1}, {"step": 10**30}, {"epoch": -1}, {"batch": -1}, {"threads": 10**6}, {"batch_size": 10**9},
     {"precision": "int1"}, {"images": "many"}],
)  # fmt: skip
def test_a_strangers_position_has_bounds(facts: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Position.model_validate(facts)


def test_the_clock_counts_from_look_to_look_and_leaves_pauses_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [time.monotonic()]
    monkeypatch.setattr("finetuner.engine.training.position.time.monotonic", lambda: now[0])
    position = Position(seconds=10.0)
    position.look_at_clock()
    before = position.seconds
    for passed, counts in ((2.0, True), (3.0, False), (1.5, True)):
        now[0] += passed
        position.look_at_clock(counts)
    assert position.seconds == pytest.approx(before + 3.5)
