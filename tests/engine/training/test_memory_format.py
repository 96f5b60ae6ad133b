import torch
from torch import nn

from finetuner.engine.training.memory_format import channels_last


def test_only_what_has_four_dimensions_is_laid_channels_last() -> None:
    model = nn.Sequential(nn.Conv2d(4, 8, 3), nn.Conv3d(4, 8, 3), nn.Linear(4, 8))
    before = [parameter.clone() for parameter in model.parameters()]
    channels_last(model)
    assert model[0].weight.is_contiguous(memory_format=torch.channels_last)
    assert model[1].weight.is_contiguous()
    assert all(torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True))
