import numpy as np
import pytest
import torch
from PIL import Image

from finetuner.engine.dataset import deploy
from finetuner.engine.explanations.render import centre_square, coloured, colours, normalised, overlay, resized


def test_heat_is_stretched_and_zeros_stay():
    assert normalised(np.array([[0, 2], [4, 1]], np.float32)).tolist() == [[0, 0.5], [1, 0.25]]
    assert not normalised(np.zeros((2, 2), np.float32)).any()


def test_colours_rise_in_lightness():
    lightness = colours(np.linspace(0, 1, 101, dtype=np.float32)) @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(lightness) > 0).all()


@pytest.mark.parametrize("size", [(640, 480), (31, 57), (1, 1), (400, 3)])
@pytest.mark.parametrize("permille", [875, 1000])
def test_the_square_is_the_one_the_network_sees(size, permille):
    width, height = size
    left, top, side = centre_square(width, height, permille)
    pixels = torch.arange(width * height).view(1, height, width, 1)
    seen = deploy.centre_square(pixels, permille)
    assert torch.equal(seen, pixels[:, top : top + side, left : left + side])


def test_heat_lies_where_it_belongs_and_the_unseen_is_dimmed():
    photo = Image.new("RGB", (200, 100), (100, 100, 100))
    heat = np.zeros((4, 4), np.float32)
    heat[0, 0] = 1
    drawn = np.asarray(overlay(photo, heat, 1000)).astype(int)
    assert drawn[50, 20].tolist() == [35, 35, 35]
    assert drawn[90, 140].tolist() == [100, 100, 100]
    assert drawn[5, 55, 0] > 180


def test_a_huge_photo_is_drawn_small():
    drawn = overlay(Image.new("RGB", (4000, 1000)), np.ones((2, 2), np.float32), 875)
    assert drawn.size == (1600, 400)


def test_resizing_stays_in_range():
    checker = np.indices((6, 6)).sum(0).astype(np.float32) % 2
    assert 0 <= resized(checker, 100).min() <= resized(checker, 100).max() <= 1
    assert coloured(checker, 50).size == (50, 50)


def test_a_signed_map_keeps_its_sides_and_zero_is_pale():
    signed = normalised(np.array([[-4, 0], [2, 1]], np.float32))
    assert signed.tolist() == [[-1, 0], [0.5, 0.25]]
    against, nothing, for_it = colours(np.array([-1, 0, 1], np.float32), signed=True)
    assert against[2] > against[0]
    assert for_it[0] > for_it[2]
    assert nothing.min() > 240


def test_single_pixels_do_not_leave_a_fine_map_dark():
    fine = np.ones((200, 200), np.float32)
    fine[0, :10] = 1000
    assert normalised(fine).min() == 1
