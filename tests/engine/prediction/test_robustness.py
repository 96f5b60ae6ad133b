import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import RobustnessMeasured
from finetuner.engine.prediction.disturbances import DISTURBANCES
from finetuner.engine.prediction.robustness import cases, robustness
from finetuner.engine.requests import RobustnessRequest
from tests.engine.tiny import tiny_run


def photo(width: int = 60, height: int = 40) -> Image.Image:
    pixels = np.random.default_rng(1).integers(0, 256, (height // 4, width // 4, 3)).astype(np.uint8)
    return Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC)


def distance(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, float) - np.asarray(other, float)).mean())


@pytest.mark.parametrize("name", DISTURBANCES)
def test_every_strength_changes_the_photo_in_its_own_way(name: str) -> None:
    kind, whole = DISTURBANCES[name], photo(300, 200)
    apart = [distance(whole, kind.apply(whole, s, np.random.default_rng(0))) for s in kind.strengths]
    assert min(apart) > 0.5
    assert len(set(apart)) == len(kind.strengths)
    if name not in ("rotation", "scale"):  # which move the photo: what lies elsewhere is no farther away than before
        assert apart == sorted(apart)


@pytest.mark.parametrize("name", DISTURBANCES)
@pytest.mark.parametrize("size", [(60, 40), (1, 1), (3, 200)])
def test_the_photo_keeps_its_size_and_mode(name: str, size: tuple[int, int]) -> None:
    kind = DISTURBANCES[name]
    for strength in kind.strengths:
        disturbed = kind.apply(photo(80, 80).resize(size), strength, np.random.default_rng(0))
        assert (disturbed.size, disturbed.mode) == (size, "RGB")


def measured(run: Path, images: int = 100) -> RobustnessMeasured:
    *_, last = robustness(RobustnessRequest(run=run, count=images))
    assert isinstance(last, RobustnessMeasured)
    return last


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_run(tmp_path_factory.mktemp("robust"))


def test_every_case_is_measured_on_the_same_images_and_repeats(run: Path) -> None:
    found = measured(run)
    assert [(point.disturbance, point.strength) for point in found.points] == cases()
    assert all(
        0 <= point.accuracy_interval[0] <= point.accuracy <= point.accuracy_interval[1] for point in found.points
    )
    assert measured(run) == found


def test_fewer_images_may_be_asked_for(run: Path) -> None:
    assert measured(run, 2).images == 2


def test_images_that_are_gone_are_told(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    text = (copy / "split.json").read_text().replace(str(run.parent), str(tmp_path / "nowhere"))
    (copy / "split.json").write_text(text)
    with pytest.raises(FinetunerError, match="can be read any more"):
        measured(copy)
