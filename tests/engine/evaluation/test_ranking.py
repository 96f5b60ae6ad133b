from finetuner.engine.evaluation.comparison import Comparison
from finetuner.engine.evaluation.intervals import wilson
from finetuner.engine.evaluation.paired import Pairs
from finetuner.engine.evaluation.ranking import rank
from finetuner.engine.events import RaceEntry


def entry(strategy: str, hits: int, seconds: float, loss: float = 0.1) -> RaceEntry:
    return RaceEntry(
        strategy=strategy, run=f"/runs/{strategy}", status="done", accuracy=hits / 100, images=100, loss=loss,
        accuracy_interval=wilson(hits, 100), epochs=3, best_epoch=2, seconds=seconds,
    )  # fmt: skip


def disjoint(one: RaceEntry, two: RaceEntry) -> Comparison:
    """As if every right answer that the worse one has were the better one's, too."""
    first, second = round(one.accuracy * 100), round(two.accuracy * 100)
    both = min(first, second)
    return Comparison(Pairs(both, first - both, second - both, 100 - max(first, second)), (), ())


def test_the_cheapest_of_those_that_cannot_be_told_apart_is_taken() -> None:
    found = rank([entry("probe", 92, 3), entry("full", 95, 24), entry("lp-ft", 94, 20)], disjoint)
    assert [it.strategy for it in found.entries] == ["full", "lp-ft", "probe"]
    assert found.winner.strategy == "probe"
    assert "full leads with 95.0" in found.sentence
    assert "cannot be told apart from lp-ft and probe" in found.sentence
    assert "Take the cheapest of them: probe" in found.sentence
    assert "3.0 s of training against 24.0 s" in found.sentence


def test_a_clear_leader_is_taken_whatever_it_costs() -> None:
    found = rank([entry("probe", 70, 3), entry("full", 95, 24)], disjoint)
    assert found.winner.strategy == "full"
    assert "better than every other one" in found.sentence


def test_a_clearly_worse_one_is_not_taken_though_it_is_the_cheapest() -> None:
    found = rank([entry("probe", 60, 1), entry("lp-ft", 93, 10), entry("full", 95, 24)], disjoint)
    assert found.winner.strategy == "lp-ft"


def test_a_leader_that_is_the_cheapest_is_said_to_be() -> None:
    found = rank([entry("probe", 95, 3), entry("full", 94, 24)], disjoint)
    assert found.winner.strategy == "probe"
    assert "also the cheapest" in found.sentence


def test_equal_accuracy_is_ranked_by_loss() -> None:
    found = rank([entry("a", 90, 1, loss=0.5), entry("b", 90, 2, loss=0.4)], disjoint)
    assert [it.strategy for it in found.entries] == ["b", "a"]


def test_one_alone_is_no_race() -> None:
    assert "No other one" in rank([entry("probe", 90, 1)], disjoint).sentence
