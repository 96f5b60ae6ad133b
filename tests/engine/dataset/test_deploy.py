import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from finetuner.engine.dataset.deploy import Preprocess, centre_square
from finetuner.engine.dataset.preprocessing import Preprocessing

PLAIN = Preprocessing(input_size=16, mean=(0, 0, 0), std=(1, 1, 1), crop_pct=1.0)


def image(height: int, width: int) -> Tensor:
    return torch.randint(0, 256, (1, height, width, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(("height", "width"), [(1, 1), (16, 16), (1, 300), (300, 10), (97, 55), (15, 17)])
@pytest.mark.parametrize("crop_pct", [0.875, 0.96, 1.0])
def test_any_image_becomes_the_network_s_input(height: int, width: int, crop_pct: float) -> None:
    out = Preprocess(PLAIN.model_copy(update={"crop_pct": crop_pct}))(image(height, width))
    assert out.shape == (1, 3, 16, 16)
    assert out.dtype == torch.float32
    assert out.isfinite().all()


def test_the_square_is_cut_from_the_centre() -> None:
    whole = image(10, 30)
    assert torch.equal(centre_square(whole, 1000), whole[:, :, 10:20])
    assert torch.equal(centre_square(whole, 800), whole[:, 1:9, 11:19])


def test_a_flat_colour_is_normalised_by_the_weights_statistics() -> None:
    preprocess = Preprocess(Preprocessing(input_size=16, mean=(0.5, 0.25, 0), std=(0.5, 0.25, 1)))
    out = preprocess(torch.full((1, 40, 40, 3), 255, dtype=torch.uint8))
    torch.testing.assert_close(out[0, :, 0, 0], torch.tensor([1.0, 3.0, 1.0]))


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
def test_the_resize_is_pillow_s(interpolation: str) -> None:
    preprocess = Preprocess(PLAIN.model_copy(update={"interpolation": interpolation}))
    picture = image(64, 64)
    ours = preprocess.resize(picture)[0].clamp(0, 255)
    method = getattr(Image.Resampling, interpolation.upper())
    theirs = np.array(Image.fromarray(picture[0].numpy()).resize((16, 16), method))
    torch.testing.assert_close(ours, torch.from_numpy(theirs).permute(2, 0, 1).float(), atol=1.5, rtol=0)


def test_a_batch_gives_what_its_images_give_alone() -> None:
    preprocess, one, two = Preprocess(PLAIN), image(20, 30), image(20, 30).flip(1)
    torch.testing.assert_close(preprocess(torch.cat([one, two])), torch.cat([preprocess(one), preprocess(two)]))


def test_its_constants_are_no_weights() -> None:
    assert Preprocess(PLAIN).state_dict() == {}
