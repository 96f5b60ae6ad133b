"""Images in groups: near-copies are found, chains are not followed, and blocks change nothing."""

import random
from collections import defaultdict
from itertools import islice

import pytest

from finetuner.engine.dataset.groups import BLOCK, CANDIDATES, Groups, _Heads
from finetuner.engine.dataset.likeness import MAX_DISTANCE

Look = tuple[str, int | None]


def flipped(look: int, bits: int, seed: int = 0) -> int:
    for place in random.Random(seed).sample(range(256), bits):
        look ^= 1 << place
    return look


def pieces(look: int) -> list[tuple[int, int]]:
    return [(piece, look >> 16 * piece & 0xFFFF) for piece in range(16)]


def one_by_one(images: list[Look]) -> list[str]:
    """The same rule, written plainly: the first head within reach that shares a piece in which it was kept."""
    groups: dict[str, str] = {}
    kept: defaultdict[tuple[int, int], list[tuple[int, int, str]]] = defaultdict(list)
    for number, (content, look) in enumerate(images):
        if content in groups:
            continue
        keys = [] if look is None else pieces(look)
        near = [head for key in keys for head in kept[key] if (head[1] ^ look).bit_count() <= MAX_DISTANCE]
        groups[content] = min(near)[2] if near else content
        if not near:
            for key in keys:
                kept[key] += [(number, look, content)] if len(kept[key]) < CANDIDATES else []
    return [groups[content] for content, _ in images]


def test_flat_pictures_are_grouped_only_when_their_bytes_agree():
    assert Groups().place([("a", None), ("b", None), ("a", None)]) == ["a", "b", "a"]


@pytest.mark.parametrize("bits", [0, 1, MAX_DISTANCE])
@pytest.mark.parametrize("between", [3, 3 * BLOCK])
def test_every_near_copy_is_found(bits: int, between: int):
    dice = random.Random(1)
    for trial in range(20):
        look = dice.getrandbits(256)
        others = [(f"other{other}", dice.getrandbits(256)) for other in range(between)]
        images = [("original", look), *others, ("copy", flipped(look, bits, trial))]
        assert Groups().place(images)[-1] == "original"


def test_one_bit_further_is_another_group():
    assert Groups().place([("original", 0), ("other", flipped(0, MAX_DISTANCE + 1))]) == ["original", "other"]


def test_resemblance_does_not_chain():
    looks = [flipped(0, bits) for bits in (0, MAX_DISTANCE, 2 * MAX_DISTANCE)]
    assert Groups().place((str(index), look) for index, look in enumerate(looks)) == ["0", "0", "2"]


@pytest.mark.parametrize("shared", [0, 100, 230])
def test_it_does_not_matter_how_many_come_at_once(shared: int):
    """Hashes that share many bits fill their pieces, so that not all heads are kept."""
    dice = random.Random(shared)
    bases = [dice.getrandbits(256 - shared) for _ in range(20)]
    images: list[Look] = []
    for index in range(1500):
        look = dice.choice(bases) if dice.random() < 0.5 else dice.getrandbits(256 - shared)
        images.append((f"{index}", None if dice.random() < 0.03 else flipped(look, dice.randrange(30), index)))
    images += dice.sample(images, 100)
    groups, rest, told = Groups(), iter(images), list[str]()
    while portion := list(islice(rest, dice.randrange(1, 3 * BLOCK))):
        told += groups.place(portion)
    assert told == one_by_one(images)


def test_look_alikes_beyond_the_limit_cost_no_more_comparisons(monkeypatch: pytest.MonkeyPatch):
    """However many images share a piece, only so many are kept to compare with."""
    taken: list[int] = []
    add = _Heads.add
    monkeypatch.setattr(_Heads, "add", lambda *asked: taken.append(int((kept := add(*asked)).sum())) or kept)
    images = [(str(index), flipped(0xFFFF << 200, 60, index) | 0xFFFF) for index in range(900)]
    assert len(set(Groups().place(images))) > 800
    assert taken[0] == 16
    assert min(taken) < 16
