"""Is the map right? Against closed forms, and against a cue planted at a known place."""

import pytest
import torch
from torch import nn

from finetuner.engine.explanations.attribution.grad_cam import GradCam
from finetuner.engine.explanations.target import target_layer


class RedAndGreen(nn.Module):
    """Feature 0 answers to red, feature 1 to green; the head takes each for its class and against the other."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 2, 4, stride=4, bias=False), nn.ReLU(inplace=True))
        self.head = nn.Linear(2, 2)
        with torch.no_grad():
            self.features[0].weight.copy_(
                torch.tensor([[1.0, -1, -1], [-1, 1, -1]])[:, :, None, None].expand(2, 3, 4, 4)
            )
            self.head.weight.copy_(torch.tensor([[1.0, -1], [-1, 1]]))

    def forward(self, images):
        return self.head(self.features(images).mean((2, 3)))


def planted(red: tuple[int, int], green: tuple[int, int]) -> torch.Tensor:
    """A dark image with a red and a green square of 8 pixels at the given top-left corners."""
    image = torch.zeros(1, 3, 32, 32)
    image[0, 0, red[0] : red[0] + 8, red[1] : red[1] + 8] = 1
    image[0, 1, green[0] : green[0] + 8, green[1] : green[1] + 8] = 1
    return image


@pytest.mark.parametrize(("red", "green"), [((0, 0), (24, 24)), ((8, 16), (16, 0)), ((24, 0), (0, 24))])
def test_all_heat_lies_on_the_cue_of_the_class_asked_for(red, green):
    model, images = RedAndGreen().eval(), planted(red, green)
    layer = target_layer(model, images)
    for target, (top, left) in enumerate((red, green)):
        heat = GradCam().explain(model, layer, images, torch.tensor([target]))[0]
        on_cue = heat[top // 4 : top // 4 + 2, left // 4 : left // 4 + 2]
        assert heat.sum() > 0
        assert on_cue.sum() == heat.sum()
        assert on_cue.min() == heat.max()


def test_with_a_linear_head_on_mean_features_it_is_cam():
    """Zhou et al. (2016): CAM is sum_k w_k A_k; Grad-CAM's weights are w_k over the number of places."""
    torch.manual_seed(0)
    body = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 5, 3), nn.Tanh())
    model = nn.Sequential(body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 4)).eval()
    images, targets = torch.randn(3, 3, 16, 16), torch.tensor([2, 0, 3])
    with torch.no_grad():
        cam = torch.einsum("nk,nkhw->nhw", model[3].weight[targets], body(images)).relu()
    torch.testing.assert_close(GradCam().explain(model, "0", images, targets) * 14 * 14, cam)


class Gathering(nn.Module):
    """A transformer's skeleton: the class token averages the values of the patches, then the head reads it."""

    def __init__(self, prefix: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, 6, 8, stride=8)
        self.prefix = nn.Parameter(torch.randn(1, prefix, 6))
        self.norm1 = nn.LayerNorm(6)
        self.attn = nn.Linear(6, 6)
        self.norm = nn.LayerNorm(6)
        self.head = nn.Linear(6, 2)

    def forward(self, images):
        patches = self.proj(images).flatten(2).transpose(1, 2)
        tokens = self.norm1(torch.cat([self.prefix.expand(len(images), -1, -1), patches], 1))
        gathered = self.attn(tokens).mean(1, keepdim=True)
        rest = tokens[:, 1:]
        return self.head(torch.cat([gathered, rest], 1)[:, 0])


@pytest.mark.parametrize("prefix", [1, 5])
def test_tokens_are_weighed_and_laid_out_like_maps(prefix):
    torch.manual_seed(0)
    model, images = Gathering(prefix).eval(), torch.randn(2, 3, 40, 40)
    heat = GradCam().explain(model, target_layer(model, images), images, torch.tensor([1, 0]))
    tokens = model.norm1(torch.cat([model.prefix.expand(2, -1, -1), model.proj(images).flatten(2).mT], 1))
    slope = (model.head.weight[[1, 0]] @ model.attn.weight) / (25 + prefix)
    expected = torch.einsum("nk,nkhw->nhw", slope, tokens[:, prefix:].mT.unflatten(2, (5, 5))).relu()
    torch.testing.assert_close(heat, expected.detach())


class ChannelsLast(RedAndGreen):
    """The same network, its maps in the order of Swin."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = Turn()

    def forward(self, images):
        return self.head(self.turn(self.features(images)).mean((1, 2)))


class Turn(nn.Module):
    def forward(self, maps):
        return maps.permute(0, 2, 3, 1)


def test_channels_last_gives_the_same_map():
    images, target = planted((8, 16), (16, 0)), torch.tensor([0])
    layer = target_layer(ChannelsLast(), images)
    assert layer == "turn"
    heat = GradCam().explain(ChannelsLast(), layer, images, target)
    torch.testing.assert_close(heat, GradCam().explain(RedAndGreen(), "features", images, target))


def test_a_learned_cue_is_found():
    """A small network trained to tell red from green dots, wherever they are, looks at the dot."""
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(3, 8, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv2d(8, 8, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8, 2),
    )
    images, labels, places = dots(128)
    optimiser = torch.optim.Adam(model.parameters(), 0.02)
    for _ in range(100):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimiser.step()
    model.eval()
    assert (model(images).argmax(1) == labels).float().mean() > 0.95
    heat = GradCam().explain(model, target_layer(model, images), images, labels)
    brightest = heat.flatten(1).argmax(1)
    distance = torch.stack([brightest // 8 - places[:, 0] // 4, brightest % 8 - places[:, 1] // 4], 1).abs().amax(1)
    assert (distance <= 1).float().mean() > 0.9


def dots(count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Noise of 32 pixels with a dot of 4 pixels in red (0) or green (1); the dots' places on a grid of 4."""
    images, labels = torch.rand(count, 3, 32, 32) * 0.3, torch.arange(count) % 2
    places = torch.randint(0, 8, (count, 2)) * 4
    for image, label, (top, left) in zip(images, labels, places.tolist(), strict=True):
        image[label, top : top + 4, left : left + 4] = 1
    return images, labels, places
