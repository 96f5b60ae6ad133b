import pytest
import torch
from torch import Tensor

from finetuner.engine.errors import FinetunerError
from finetuner.engine.training.halving import halved, in_pieces


class Room:
    """Looks at so many images at once and no more; `tried` are the sizes it was asked for."""

    def __init__(self, images: int) -> None:
        self.images = images
        self.tried: list[int] = []

    def look(self, batch: Tensor) -> Tensor:
        self.tried.append(len(batch))
        if len(batch) > self.images:
            raise torch.OutOfMemoryError("out of memory")
        return batch * 2


@pytest.mark.parametrize(
    ("room", "tried"),
    [(8, [5]), (4, [5, 2, 2, 1]), (2, [5, 2, 2, 1]), (1, [5, 2, 1, 1, 2, 1, 1, 1])],
)
def test_the_pieces_say_what_the_whole_would(room: int, tried: list[int]) -> None:
    narrow, batch = Room(room), torch.arange(5)
    assert torch.equal(torch.cat(in_pieces(narrow.look, batch)), batch * 2)
    assert narrow.tried == tried


def test_not_even_one_image_is_a_sentence() -> None:
    with pytest.raises(FinetunerError, match="Not even one image") as refusal:
        in_pieces(Room(0).look, torch.arange(5))
    assert "smaller backbone" in refusal.value.next_step


def test_another_error_is_not_mistaken_for_a_lack_of_room() -> None:
    def look(batch: Tensor) -> Tensor:
        raise RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes"):
        in_pieces(look, torch.arange(5))


def test_an_odd_number_is_halved_downwards() -> None:
    assert [halved(images) for images in (7, 4, 2)] == [3, 2, 1]
