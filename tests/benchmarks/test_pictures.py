from pathlib import Path

import pytest

from benchmarks.pictures import SIZES, Mosaics, draw_folder
from finetuner.engine.dataset.check import Facts, check
from finetuner.engine.dataset.likeness import MAX_DISTANCE


@pytest.mark.parametrize("size", ["256 × 256", "0.3 MP"])
def test_every_picture_is_whole_and_looks_its_own_way(tmp_path: Path, size: str) -> None:
    folder = draw_folder(tmp_path / "data", 24, 3, size)
    found = check([str(file) for file in sorted(folder.rglob("*.jpg"))])
    whole = [each for each in found if isinstance(each, Facts)]
    assert len(whole) == 24
    assert {(each.width, each.height) for each in whole} == {SIZES[size]}
    looks = [each.look for each in whole if each.look is not None]
    assert len(looks) == 24
    assert min((a ^ b).bit_count() for i, a in enumerate(looks) for b in looks[:i]) > MAX_DISTANCE


def test_the_same_number_is_the_same_picture_and_no_two_have_one_content() -> None:
    mosaics = Mosaics(64, 64)
    assert mosaics.picture(3, 1) == mosaics.picture(3, 1)
    assert len({mosaics.picture(number, 0) for number in range(1000)}) == 1000
