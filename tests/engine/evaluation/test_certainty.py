from finetuner.engine.evaluation.certainty import FEWEST, TOO_FEW, WIDEST, beside, class_tells, tells
from finetuner.engine.evaluation.intervals import of_f1, wilson
from finetuner.engine.events import ClassScore


def row(hits: int, support: int, false_alarms: int = 0) -> ClassScore:
    f1 = 2 * hits / (support + hits + false_alarms)
    return ClassScore(
        name="a", precision=hits / (hits + false_alarms), recall=hits / support, f1=f1, support=support,
        recall_interval=wilson(hits, support), f1_interval=of_f1(hits, support + false_alarms),
    )  # fmt: skip


def test_few_images_tell_nothing_however_narrow_the_interval() -> None:
    assert not tells(FEWEST - 1, (0.99, 1.0))
    assert tells(FEWEST, (0.99, 1.0))
    assert not tells(FEWEST - 1, None)


def test_a_wide_interval_tells_nothing_however_many_the_images() -> None:
    assert tells(1000, (0.5, 0.5 + WIDEST))
    assert not tells(1000, (0.5, 0.51 + WIDEST))


def test_half_right_needs_more_images_than_all_right() -> None:
    assert tells(20, wilson(20, 20))
    assert not tells(40, wilson(20, 40))
    assert tells(80, wilson(40, 80))


def test_a_class_whose_f1_is_shaky_tells_nothing_though_its_recall_does() -> None:
    assert class_tells(row(40, 40))
    assert not class_tells(row(20, 20, false_alarms=20))


def test_the_interval_and_n_stand_beside_a_share() -> None:
    assert beside(153, (0.917, 0.982)) == "95 % interval 91.7\u202f–\u202f98.2\u202f%, n = 153"
    assert beside(6, (0.3, 0.9)).endswith(f"n = 6, {TOO_FEW}")
    assert beside(1234, None) == "n = 1,234"
