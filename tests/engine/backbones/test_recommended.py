from itertools import pairwise

from finetuner.engine.backbones.licences import permission
from finetuner.engine.backbones.names import find
from finetuner.engine.backbones.recommended import RECOMMENDED, recommended


def test_every_one_is_published_free_and_trainable() -> None:
    for name in (name for names in RECOMMENDED.values() for name in names):
        entry = find(name)
        assert entry.name == name
        assert entry.published
        assert entry.trainable
        assert permission(entry.licence) == "free"


def test_each_wish_costs_more_and_gives_more() -> None:
    first = [find(names[0]) for names in RECOMMENDED.values()]
    assert list(RECOMMENDED) == ["fast", "balanced", "accurate"]
    for cheap, dear in pairwise(first):
        assert (cheap.top1 or 0) < (dear.top1 or 0)
        assert (cheap.gmacs or 0) < (dear.gmacs or 0)


def test_what_is_on_this_disk_comes_first() -> None:
    nowhere = recommended(lambda entry: False)
    assert nowhere["fast"].name == RECOMMENDED["fast"][0]
    last = RECOMMENDED["fast"][-1]
    assert recommended(lambda entry: entry.name == last)["fast"].name == last
