import pytest
import torch
from torch import Tensor, nn

from finetuner.engine.backbones.heads import Head, linear_head
from finetuner.engine.errors import FinetunerError

FEATURES = torch.randn(5, 6, generator=torch.Generator().manual_seed(0))


class Averaged(nn.Module):
    """Two heads on halves of the features, whose logits are averaged."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.ModuleList([nn.Linear(2, 3), nn.Linear(4, 3)])

    def forward(self, features: Tensor) -> Tensor:
        parts = features.split((2, 4), dim=1)
        return torch.stack([head(part) for head, part in zip(self.heads, parts, strict=True)]).mean(0)


class OnMaps(nn.Module):
    """A 1x1 convolution on a map of one place."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Conv2d(6, 3, 1)

    def forward(self, features: Tensor) -> Tensor:
        return self.fc(features[:, :, None, None]).flatten(1)


class Plain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 3)

    def forward(self, features: Tensor) -> Tensor:
        return self.fc(features)


KINDS = [(Plain, "fc"), (OnMaps, "fc"), (Averaged, "heads")]


def of(kind: type[nn.Module], path: str) -> tuple[nn.Module, Head]:
    model = kind()
    assert linear_head(model, 3, "heads" if kind is Averaged else "") == path
    return model, Head(model.get_submodule(path))


@pytest.mark.parametrize(("kind", "path"), KINDS)
def test_it_is_one_linear_map_whatever_it_is_made_of(kind: type[nn.Module], path: str) -> None:
    model, head = of(kind, path)
    assert (head.in_features, head.weight.shape, head.bias.shape) == (6, (3, 6), (3,))
    torch.testing.assert_close(head(FEATURES), model(FEATURES))


@pytest.mark.parametrize(("kind", "path"), KINDS)
def test_it_becomes_the_map_that_was_solved(kind: type[nn.Module], path: str) -> None:
    model, head = of(kind, path)
    weight, bias = torch.randn(3, 6), torch.randn(3)
    head.set(weight, bias)
    torch.testing.assert_close(model(FEATURES), FEATURES @ weight.T + bias)
    assert all(parameter.requires_grad for parameter in head.parameters())


def test_what_goes_into_each_part_is_seen_while_it_is_watched() -> None:
    model, head = of(Averaged, "heads")
    with head.watched() as seen:
        model(FEATURES)
    model(FEATURES)
    assert [[tuple(rows.shape) for rows in inputs] for inputs in seen] == [[(5, 2)], [(5, 4)]]
    torch.testing.assert_close(torch.cat([*seen[0], *seen[1]], dim=1), FEATURES)


def test_the_last_linear_map_is_taken() -> None:
    model = nn.Sequential(nn.Linear(6, 3), nn.Linear(3, 3), nn.ReLU())
    assert linear_head(model, 3) == "1"


@pytest.mark.parametrize("last", [nn.Conv2d(6, 3, 3), nn.Conv2d(6, 3, 1, groups=3), nn.Linear(6, 4), nn.ModuleList()])
def test_what_is_no_linear_map_to_the_classes_is_refused(last: nn.Module) -> None:
    with pytest.raises(FinetunerError, match="linear layer"):
        linear_head(nn.Sequential(last), 3, "0")
