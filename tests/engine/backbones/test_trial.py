import pytest
from torch import Tensor, nn

from finetuner.engine.backbones.network import build
from finetuner.engine.backbones.trial import refuse_wrong_size
from finetuner.engine.errors import FinetunerError
from finetuner.engine.job import BackbonePart


class Windows(nn.Module):
    """Takes images whose side eight divides."""

    def forward(self, images: Tensor) -> Tensor:
        if images.shape[-1] % 8:
            raise AssertionError
        return images.unflatten(-1, (-1, 8)).mean((1, 2, 3))


def test_a_size_that_fits_leaves_the_network_as_it_was() -> None:
    model = nn.Sequential(nn.BatchNorm2d(3), Windows())
    refuse_wrong_size(model, "windows", 16)
    assert model.training
    assert int(model[0].num_batches_tracked) == 0


def test_a_size_that_does_not_fit_is_a_sentence() -> None:
    with pytest.raises(FinetunerError, match=r"^The network windows cannot see images of 20 pixels\.") as refusal:
        refuse_wrong_size(Windows(), "windows", 20)
    assert "image size" in refusal.value.next_step


def test_the_networks_own_reason_is_passed_on() -> None:
    with pytest.raises(FinetunerError, match="15 pixels: Calculated padded input size"):
        refuse_wrong_size(nn.Sequential(nn.MaxPool2d(8), nn.Conv2d(3, 3, 3)), "small", 15)


def test_it_is_asked_when_a_network_is_built_for_a_size_of_ones_own() -> None:
    with pytest.raises(FinetunerError, match="cannot see images of 64 pixels"):
        build(BackbonePart(backbone="torchvision/inception_v3", pretrained=False, image_size=64), classes=3)
