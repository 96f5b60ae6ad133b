"""The resize of the exported graph against torch's, and what it is made of."""

import onnxruntime
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from finetuner.engine.exporters.tracing import trace

SIZES = [(1, 1, 1), (3, 7, 3), (2, 1, 400), (1, 64, 64), (1, 65, 63), (2, 97, 200), (1, 1000, 31)]


class Resized(nn.Module):
    """Not the square of the app: each axis by another factor, one of them by a prime number."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode = mode

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        planes = images.permute(0, 3, 1, 2).to(torch.float32)
        resized = functional.interpolate(planes, (64, 37), mode=self.mode, antialias=True)
        return resized, resized.mean((2, 3))


@pytest.fixture(scope="module", params=["bilinear", "bicubic"])
def both(request):
    module = Resized(request.param)
    return module, trace(module, ["image"], ["resized", "means"])


def test_it_is_made_of_operators_that_every_runtime_has(both):
    made = {node.op_type for node in both[1].graph.node}
    assert "Resize" not in made
    assert {node.domain for node in both[1].graph.node} == {""}
    assert not both[1].functions
    assert "MatMul" in made


@pytest.mark.parametrize("shape", SIZES, ids=str)
def test_any_size_gives_torchs_pixels(both, shape):
    module, model = both
    images = torch.randint(0, 256, (*shape, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    found = onnxruntime.InferenceSession(model.SerializeToString()).run(["resized"], {"image": images.numpy()})[0]
    torch.testing.assert_close(torch.from_numpy(found), module(images)[0], atol=1e-3, rtol=0)


def test_even_images_stay_even(both):
    images = torch.full((1, 333, 517, 3), 200, dtype=torch.uint8)
    found = onnxruntime.InferenceSession(both[1].SerializeToString()).run(["resized"], {"image": images.numpy()})[0]
    assert abs(found - 200).max() < 1e-3
