import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.engine.dataset.augmentation.draw import Variation, draw, numbers_of
from finetuner.engine.dataset.augmentation.presets import ALL, AUGMENTATIONS, RANDAUGMENT, TRIVIALAUGMENT
from finetuner.engine.dataset.randomness import uniforms

SIDE, SIZE = 40, 32


def drawn(preset: str, count: int, seed: int = 0) -> Variation:
    chosen = AUGMENTATIONS[preset]
    return draw(chosen, uniforms((seed,), range(count), numbers_of(chosen)), SIDE, SIZE)


@pytest.mark.parametrize("preset", AUGMENTATIONS)
@given(seed=st.integers(0, 2**31))
def test_boxes_lie_inside_the_square(preset: str, seed: int) -> None:
    start, extent = np.split(drawn(preset, 50, seed).boxes, 2, axis=1)
    assert (start >= 0).all()
    assert (extent >= 1).all()
    assert (start + extent <= SIDE).all()


@pytest.mark.parametrize("preset", [name for name in AUGMENTATIONS if name != "none"])
def test_boxes_keep_the_area_that_the_preset_promises(preset: str) -> None:
    boxes = drawn(preset, 2000).boxes
    area = boxes[:, 2] * boxes[:, 3] / SIDE**2
    # a box that would be wider than the image loses what sticks out, at most a seventh
    assert area.min() > AUGMENTATIONS[preset].smallest * 0.85
    assert area.max() <= 1
    assert area.mean() == pytest.approx((1 + AUGMENTATIONS[preset].smallest) / 2, abs=0.04)


def test_half_of_the_images_are_mirrored() -> None:
    assert drawn("light", 4000).mirrored.mean() == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize("preset", ["randaugment", "trivialaugment"])
def test_every_operation_is_equally_likely(preset: str) -> None:
    for step in drawn(preset, 14000).steps:
        counts = [len(step.of(name)) for name in ALL]
        assert sum(counts) == 14000
        assert min(counts) > 800


def test_strengths_are_what_the_papers_say() -> None:
    (medium, _), (wide,) = drawn("randaugment", 1000).steps, drawn("trivialaugment", 1000).steps
    assert set(np.abs(medium.strengths)) == {RANDAUGMENT.strength}
    assert TRIVIALAUGMENT.strength is None
    assert np.abs(wide.strengths).max() > 0.95
    assert (wide.strengths < 0).mean() == pytest.approx(0.5, abs=0.1)


def test_light_changes_brightness_contrast_and_colour_of_every_image() -> None:
    steps = drawn("light", 30).steps
    assert [len(step.of(name)) for step, name in zip(steps, ("brightness", "contrast", "colour"), strict=True)] == [
        30
    ] * 3
    assert all(len(step.of("turn")) == 0 for step in steps)
