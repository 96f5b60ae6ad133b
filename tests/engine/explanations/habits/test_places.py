import numpy as np
import torch

from finetuner.engine.explanations.habits.places import CELLS, SUBJECT, background, border, coarse, fine
from finetuner.engine.explanations.habits.verdict import AREAS


def disc(row: int, column: int, side: int = 96, radius: int = 20) -> torch.Tensor:
    """A red disc on grey noise, S,S,3 from 0 to 1."""
    pixels = np.random.default_rng(0).uniform(0.4, 0.6, (side, side, 3))
    rows, columns = np.mgrid[:side, :side]
    pixels[np.hypot(rows - row, columns - column) < radius] = (0.9, 0.1, 0.1)
    return torch.from_numpy(pixels.astype(np.float32))


def test_the_border_is_an_eighth_of_the_side_wide() -> None:
    ring = border()
    assert all(bool(edge.all()) for edge in (ring[:4], ring[-4:], ring[:, :4], ring[:, -4:]))
    assert not ring[4:-4, 4:-4].any()
    assert AREAS["border"] == 1 - 0.75**2


def test_what_stands_out_from_the_frame_is_no_background() -> None:
    for row, column in ((48, 48), (36, 58), (60, 34)):
        rows, columns = np.mgrid[:CELLS, :CELLS] * 3.0 + 1.5
        inside = torch.from_numpy(np.hypot(rows - row, columns - column) < 15)
        assert not background(disc(row, column))[inside].any()


def test_a_mark_in_the_corner_is_background() -> None:
    marked = disc(48, 48)
    marked[3:12, 3:12] = torch.tensor([1.0, 0.0, 1.0])
    assert background(marked)[:4, :4].all()


def test_every_image_has_as_much_background() -> None:
    for image in (disc(48, 48), disc(20, 70), torch.full((96, 96, 3), 0.5), torch.rand(32, 32, 3)):
        assert float((~background(image)).float().mean()) == round(SUBJECT * CELLS**2) / CELLS**2


def test_without_any_colour_the_middle_is_the_subject() -> None:
    likely = background(torch.full((64, 64, 3), 0.5))
    assert not likely[CELLS // 2, CELLS // 2]
    assert likely[0].all()


def test_a_place_is_the_same_at_any_size() -> None:
    for side in (32, 96, 224):
        assert abs(float(fine(border(), side).float().mean()) - AREAS["border"]) < 0.01


def test_only_what_speaks_for_the_class_is_attention() -> None:
    heat = torch.tensor([[-5.0, 0.0], [0.0, 1.0]])
    found = coarse(heat)
    assert (found >= 0).all()
    assert found[-1, -1] == found.max()
    assert found[0, 0] == 0
