import pytest
import torch
from torch import Tensor

from finetuner.engine.errors import FinetunerError
from finetuner.engine.training.halving import halved, in_pieces, ran_out

APPLE = RuntimeError("MPS backend out of memory (MPS allocated: 5.00 GB, max allowed: 5.10 GB).")
FULL = (torch.OutOfMemoryError("CUDA out of memory."), APPLE)


class Room:
    """Looks at so many images at once and no more; `tried` are the sizes it was asked for."""

    def __init__(self, images: int, full: RuntimeError = FULL[0]) -> None:
        self.images, self.full = images, full
        self.tried: list[int] = []

    def look(self, batch: Tensor) -> Tensor:
        self.tried.append(len(batch))
        if len(batch) > self.images:
            raise self.full
        return batch * 2


@pytest.mark.parametrize("full", FULL, ids=["cuda", "mps"])
@pytest.mark.parametrize(
    ("room", "tried"),
    [(8, [5]), (4, [5, 2, 2, 1]), (2, [5, 2, 2, 1]), (1, [5, 2, 1, 1, 2, 1, 1, 1])],
)
def test_the_pieces_say_what_the_whole_would(room: int, tried: list[int], full: RuntimeError) -> None:
    narrow, batch = Room(room, full), torch.arange(5)
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


def test_what_runs_out_of_memory_is_known_by_its_kind_or_its_words() -> None:
    assert [ran_out(error) for error in (*FULL, RuntimeError("shapes do not fit"))] == [True, True, False]


@pytest.mark.parametrize("apple", [True, False])
def test_an_apple_gpu_lets_go_what_it_keeps_in_reserve(apple: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    emptied: list[str] = []
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: apple)
    monkeypatch.setattr(torch.mps, "empty_cache", lambda: emptied.append("mps"))
    halved(4)
    assert emptied == ["mps"] * apple
