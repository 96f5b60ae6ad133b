from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.dataset.split import assign, leaks
from finetuner.engine.events import ScannedImage


def image(label: str, group: str, split: str | None = None, number: int = 0) -> ScannedImage:
    content = f"{label}-{group}-{split}-{number}"
    return ScannedImage(
        path=f"/data/{content}.jpg",
        label=label,
        split=split,
        width=1,
        height=1,
        format="JPEG",
        content=content,
        group=group,
    )


def several(label: str, count: int) -> list[ScannedImage]:
    return [image(label, f"{label}{index}") for index in range(count)]


def counts(images, split: str) -> Counter:
    return Counter(image.label for image in images if image.split == split)


labels = st.sampled_from(["ant", "bee", "caf\udce9"])
groups = st.integers(0, 12).map(str)
seeds = st.integers(0, 2**31 - 1)
shares = st.floats(0.01, 0.89)
unassigned = st.lists(st.builds(image, labels, groups, number=st.integers(0, 10**6)), max_size=40)
any_split = st.lists(
    st.builds(image, labels, groups, st.sampled_from([None, "train", "val", "test"]), st.integers(0, 10**6)),
    max_size=40,
)


@given(unassigned, shares, seeds)
def test_a_group_never_stands_on_both_sides(images, share, seed):
    sides = defaultdict(set)
    for placed in assign(images, share, seed):
        sides[placed.group].add(placed.split)
    assert all(len(found) == 1 for found in sides.values())
    assert leaks(assign(images, share, seed)) == ()


@given(any_split, shares, seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(images, share, seed, shuffler):
    once = {placed.path: placed.split for placed in assign(images, share, seed)}
    shuffler.shuffle(images)
    assert {placed.path: placed.split for placed in assign(images, share, seed)} == once


@given(any_split, shares, seeds)
def test_images_keep_their_order_and_get_a_split(images, share, seed):
    placed = assign(images, share, seed)
    assert [one.path for one in placed] == [one.path for one in images]
    assert all(one.split in ("train", "val", "test") for one in placed)


@given(any_split, shares, seeds)
def test_given_splits_stay(images, share, seed):
    has_val = any(one.split == "val" for one in images)
    for before, after in zip(images, assign(images, share, seed), strict=True):
        if before.split in ("val", "test") or (before.split == "train" and has_val):
            assert after.split == before.split


@given(st.lists(st.tuples(labels, groups, st.integers(0, 10**6)), max_size=40), shares, seeds)
def test_each_class_with_two_groups_is_on_both_sides(rows, share, seed):
    images = [image(label, label + group, number=number) for label, group, number in rows]
    placed = assign(images, share, seed)
    for label in {one.label for one in images}:
        of_class = [one for one in placed if one.label == label]
        wanted = {"train", "val"} if len({one.group for one in of_class}) > 1 else {"train"}
        assert {one.split for one in of_class} == wanted


@given(unassigned, shares, seeds)
def test_no_class_loses_its_last_training_image(images, share, seed):
    assert counts(assign(images, share, seed), "train").keys() == {one.label for one in images}


@given(st.integers(2, 200), st.integers(2, 200), shares, seeds)
def test_the_share_holds_in_each_class(ants, bees, share, seed):
    placed = counts(assign(several("ant", ants) + several("bee", bees), share, seed), "val")
    for label, count in (("ant", ants), ("bee", bees)):
        assert placed[label] == min(count - 1, max(1, round(count * share)))


def test_the_seed_chooses():
    images = several("ant", 50)
    chosen = {frozenset(one.path for one in assign(images, 0.2, seed) if one.split == "val") for seed in range(20)}
    assert len(chosen) > 15


def test_a_data_set_that_grows_keeps_most_of_its_split():
    before = {one.path for one in assign(several("ant", 100), 0.2, 0) if one.split == "val"}
    after = {one.path for one in assign(several("ant", 110), 0.2, 0) if one.split == "val"}
    assert len(before & after) >= 15


def test_train_without_val_gives_some_away_and_test_stays():
    images = [image("ant", f"a{index}", "train") for index in range(10)] + [image("ant", "t", "test")]
    placed = assign(images, 0.2, 0)
    assert Counter(one.split for one in placed) == {"train": 8, "val": 2, "test": 1}


def test_an_unassigned_twin_of_a_held_out_image_is_held_out():
    images = [
        image("ant", "g", "val"),
        image("ant", "g"),
        image("ant", "h", "test"),
        image("ant", "h"),
        image("ant", "i"),
    ]
    assert [one.split for one in assign(images, 0.2, 0)] == ["val", "val", "test", "test", "train"]


def test_leaks_name_each_held_out_copy_once():
    images = [
        image("ant", "g", "train", 1),
        image("ant", "g", "train", 2),
        image("ant", "g", "val"),
        image("ant", "h", "test"),
    ]
    assert [(train.split, held_out.split) for train, held_out in leaks(images)] == [("train", "val")]


@pytest.mark.parametrize("images", [[], several("ant", 1)])
def test_too_little_to_divide_all_trains(images):
    assert [one.split for one in assign(images, 0.2, 0)] == ["train"] * len(images)
