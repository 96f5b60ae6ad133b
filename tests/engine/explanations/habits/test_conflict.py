import torch
from torch import Tensor, nn

from finetuner.engine.explanations.habits.conflict import Photo, decides, exchanged, judges
from finetuner.engine.explanations.habits.places import CELLS, border

RING = border()
PLACES = {"border": RING}


class Weighs(nn.Module):
    """Class 1 where the light in the ring, so many times over, and that in the middle are positive together."""

    def __init__(self, ring: float, middle: float) -> None:
        super().__init__()
        self.weight = torch.where(RING, ring / RING.sum(), middle / (~RING).sum())

    def forward(self, images: Tensor) -> Tensor:
        seen = (images[:, 0] * self.weight).sum((1, 2))
        return torch.stack([-seen, seen], dim=1)


def photo(ring: float, middle: float, target: int) -> Photo:
    pixels = torch.where(RING, ring, middle).expand(3, CELLS, CELLS)
    return Photo(pixels, target, PLACES)


def steady(model: nn.Module, photos: list[Photo]) -> list[Photo]:
    steps = judges(model, photos, "border")
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


MARKED = photo(1.0, 1.0, 1)
PLAIN = [photo(0.0, -1.0, 0) for _ in range(4)]


def test_a_border_that_outweighs_the_subject_decides() -> None:
    assert decides(Weighs(ring=3, middle=1), MARKED, "border", PLAIN, 0) is True


def test_a_border_that_says_less_than_the_subject_does_not() -> None:
    assert decides(Weighs(ring=0.5, middle=1), MARKED, "border", PLAIN, 0) is False


def test_a_network_that_looks_only_at_the_middle_is_not_decided_by_the_border() -> None:
    assert decides(Weighs(ring=0, middle=1), MARKED, "border", PLAIN, 0) is False


def test_photos_of_the_same_class_are_no_judges() -> None:
    assert decides(Weighs(ring=3, middle=1), MARKED, "border", [MARKED, MARKED], 0) is None


def test_a_place_is_laid_in_and_the_rest_stays() -> None:
    mixed = exchanged(PLAIN[0], MARKED, "border")
    assert (mixed[0][RING] == 1).all()
    assert (mixed[0][~RING] == -1).all()


def test_where_the_other_photo_shows_its_subject_it_is_grey() -> None:
    left = torch.zeros(CELLS, CELLS, dtype=torch.bool)
    left[:, : CELLS // 2] = True
    other = Photo(torch.full((3, CELLS, CELLS), 7.0), 1, {"background": ~left})
    own = Photo(torch.full((3, CELLS, CELLS), 2.0), 0, {"background": left | (~left & RING)})
    mixed = exchanged(own, other, "background")[0]
    assert (mixed[left] == 0).all()
    assert (mixed[~left & RING] == 7).all()
    assert (mixed[~left & ~RING] == 2).all()


def test_a_photo_that_needs_its_own_place_is_no_judge() -> None:
    needs = photo(2.0, -1.0, 1)
    assert steady(Weighs(ring=1, middle=1), [needs, PLAIN[0]]) == [PLAIN[0]]


def test_a_photo_that_gives_way_to_its_own_class_is_no_judge() -> None:
    odd = photo(1.5, -1.0, 0)
    fragile = photo(0.0, -1.0, 0)
    assert fragile not in steady(Weighs(ring=1, middle=1), [odd, fragile])
    assert fragile in steady(Weighs(ring=1, middle=1), [fragile, PLAIN[0]])


def test_the_class_that_lacks_a_mark_is_not_blamed_for_the_other_one() -> None:
    """Two classes, told apart by the mark alone: without it every photo is of class 0."""

    class Marked(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            seen = images[:, 0, 0, 0] - 0.5
            return torch.stack([-seen, seen], dim=1)

    marked, plain = [photo(1.0, 0.0, 1) for _ in range(3)], [photo(0.0, 0.0, 0) for _ in range(3)]
    panel = steady(Marked(), [*marked, *plain])
    assert panel == plain
    assert decides(Marked(), marked[0], "border", panel, 0) is True
    assert decides(Marked(), plain[0], "border", panel, 0) is None
