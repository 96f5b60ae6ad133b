import pytest
import torch

from finetuner.engine.errors import FinetunerError
from finetuner.engine.explanations.layout import Grid, is_spatial, to_maps, token_grid


@pytest.mark.parametrize(
    ("tokens", "grid"),
    [(197, Grid(14, 1)), (196, Grid(14, 0)), (198, Grid(14, 2)), (201, Grid(14, 5)), (5, Grid(2, 1))],
)
def test_tokens_lie_in_a_square_behind_their_prefix(tokens, grid):
    assert token_grid(tokens) == grid


def test_every_layout_gives_the_same_maps():
    maps = torch.arange(2 * 5 * 3 * 3.0).view(2, 5, 3, 3)
    tokens = torch.cat([torch.full((2, 1, 5), -1.0), maps.flatten(2).transpose(1, 2)], dim=1)
    assert torch.equal(to_maps(maps, "x"), maps)
    assert torch.equal(to_maps(maps.permute(0, 2, 3, 1), "x"), maps)
    assert torch.equal(to_maps(tokens, "x"), maps)


@pytest.mark.parametrize("shape", [(2, 5), (2, 5, 1, 1), (2, 1, 5), (2, 3, 5)])
def test_an_output_without_places_is_a_sentence(shape):
    assert not is_spatial(torch.zeros(shape))
    with pytest.raises(FinetunerError, match="gives no feature map"):
        to_maps(torch.zeros(shape), "head")
