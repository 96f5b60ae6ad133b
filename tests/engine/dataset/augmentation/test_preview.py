from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from finetuner.engine.dataset.augmentation.presets import AUGMENTATIONS
from finetuner.engine.dataset.augmentation.preview import preview
from finetuner.engine.events import PreviewMade
from finetuner.engine.job import Augmentation
from finetuner.engine.requests import PreviewRequest

IMAGE = torch.randint(0, 256, (40, 40, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("preset", AUGMENTATIONS)
def test_a_preview_shows_the_plain_image_and_its_variations(tmp_path: Path, preset: Augmentation) -> None:
    Image.fromarray(IMAGE.numpy()).resize((90, 60)).save(tmp_path / "photo.png")
    request = PreviewRequest(
        image=tmp_path / "photo.png", augmentation=preset, folder=tmp_path / "out", size=48, count=3
    )
    (made,) = preview(request)
    assert isinstance(made, PreviewMade)
    plain, *varied = (np.asarray(Image.open(path)) for path in made.images)
    assert len(varied) == 3
    assert {picture.shape for picture in (plain, *varied)} == {(48, 48, 3)}
    assert all((picture == plain).all() for picture in varied) == (preset == "none")
