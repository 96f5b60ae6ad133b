"""A small VGG with random weights, named as a file: what is drawn means little, how it is drawn is the same."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Progress, StyleTransferred
from finetuner.engine.explanations.play import gatys as module
from finetuner.engine.explanations.play.canvas import painted
from finetuner.engine.explanations.play.gatys import Distances, Wish, distances, gatys, wish
from finetuner.engine.explanations.play.statistics import gram
from finetuner.engine.explanations.play.style import style_transfer
from finetuner.engine.explanations.play.vgg import Vgg, open_vgg
from finetuner.engine.requests import StyleRequest
from tests.engine.explanations.play import networks

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pictures and three files of weights. Read-only."""
    folder = tmp_path_factory.mktemp("style")
    source = np.random.default_rng(0)
    ramp = np.linspace(0, 255, 70)[None, :, None] * np.ones((48, 1, 3))
    Image.fromarray(ramp.astype(np.uint8)).save(folder / "content.png")
    Image.fromarray(source.integers(0, 255, (40, 60, 3)).astype(np.uint8)).save(folder / "style.png")
    networks.keep(networks.vgg(), folder / "vgg.safetensors")
    networks.keep(networks.encoder(), folder / "encoder.safetensors")
    networks.keep(networks.decoder(), folder / "decoder.safetensors")
    return folder


def request(places: Path, out: Path, **options: object) -> StyleRequest:
    usual = {"weights": places / "vgg.safetensors", "side": 48, "steps": 12, "device": "cpu"}
    pictures = {"content": places / "content.png", "style": places / "style.png", "out": out}
    return StyleRequest.model_validate(pictures | usual | options)


def transferred(places: Path, out: Path, **options: object) -> StyleTransferred:
    *_, event = style_transfer(request(places, out, **options))
    assert isinstance(event, StyleTransferred)
    return event


def opened(places: Path) -> tuple[Vgg, torch.Tensor, torch.Tensor]:
    pictures = (Image.open(places / name) for name in ("content.png", "style.png"))
    return open_vgg(places / "vgg.safetensors", CPU), *(painted(picture, 48, CPU) for picture in pictures)


def values_of(places: Path, strength: float, steps: int = 15) -> tuple[torch.Tensor, list[tuple[int, int]]]:
    seen, painting = [], gatys(*opened(places), strength, steps)
    while True:
        try:
            seen.append(next(painting))
        except StopIteration as end:
            return end.value.values, seen


def test_painting_brings_the_style_nearer_and_keeps_the_content(places: Path) -> None:
    vgg, content, style = opened(places)
    wanted = wish(vgg, content, style)
    before = distances(vgg, content, wanted)
    values, seen = values_of(places, 1.0)
    after = distances(vgg, values, wanted)
    assert float(before.content) == 0
    assert float(after.style) < 0.3 * float(before.style)
    assert seen == [(step, 15) for step in range(1, 16)]
    assert float(values.min()) >= 0
    assert float(values.max()) <= 1


def test_no_place_is_looked_at_twice(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[torch.Tensor]()

    def looking(vgg: Vgg, values: torch.Tensor, wanted: Wish) -> Distances:
        seen.append(values.detach().clone())
        return distances(vgg, values, wanted)

    monkeypatch.setattr(module, "distances", looking)
    values_of(places, 1.0)
    painting = seen[1:-1]  # before and after it, the sentence is measured
    assert len(painting) >= 15
    assert not any(torch.equal(one, next_one) for one, next_one in pairwise(painting))


def test_more_strength_gives_more_style_and_less_content(places: Path) -> None:
    vgg, content, style = opened(places)
    wanted = wish(vgg, content, style)
    weak, strong = (distances(vgg, values_of(places, strength)[0], wanted) for strength in (0.001, 1.0))
    assert float(strong.style) < float(weak.style)
    assert float(strong.content) > float(weak.content)
    assert torch.equal(values_of(places, 0.0, steps=2)[0], content)


def test_the_wish_is_the_papers(places: Path) -> None:
    vgg, content, style = opened(places)
    wanted = wish(vgg, content, style)
    assert wanted.content_layer == "relu4_2"
    assert list(wanted.grams) == [f"relu{block}_1" for block in range(1, 6)]
    maps = dict(vgg.maps(style, "relu5_1", smooth=True))
    torch.testing.assert_close(wanted.grams["relu3_1"], gram(maps["relu3_1"]))


@pytest.mark.parametrize(
    "options", [{}, {"method": "adain", "weights": "encoder.safetensors", "decoder": "decoder.safetensors"}]
)
def test_the_picture_is_as_large_as_the_content_and_says_what_it_is(
    places: Path, tmp_path: Path, options: dict[str, str]
) -> None:
    named = {name: places / value if value.endswith("safetensors") else value for name, value in options.items()}
    event = transferred(places, tmp_path / "new" / "out.png", steps=2, **named)
    with Image.open(event.path) as picture:
        assert picture.size == (70, 48)
        texts = picture.text
    method = options.get("method", "gatys")
    assert texts["method"] == f"style-transfer, {method}"
    assert texts["model"] == event.network == options.get("weights", "vgg.safetensors")
    assert (texts["content"], texts["style"], texts["strength"]) == ("content.png", "style.png", "1")
    assert (event.method, event.content) == (method, str(places / "content.png"))
    assert "away from the style's" in event.sentence


def test_adain_without_strength_only_goes_there_and_back(places: Path, tmp_path: Path) -> None:
    files = {"weights": places / "encoder.safetensors", "decoder": places / "decoder.safetensors"}
    pictures = [
        Path(transferred(places, tmp_path / f"{number}.png", method="adain", **files, **options).path)
        for number, options in enumerate([{"strength": 0}, {"strength": 0, "style": places / "content.png"}, {}])
    ]
    first, second, third = (np.asarray(Image.open(path)) for path in pictures)
    assert (first == second).all()
    assert (first != third).any()


def test_it_tells_how_far_it_is_and_writes_nothing_when_it_is_left(places: Path, tmp_path: Path) -> None:
    events = style_transfer(request(places, tmp_path / "out.png"))
    counted = next(event for event in events if isinstance(event, Progress) and event.total)
    assert (counted.done, counted.total) == (1, 12)
    events.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"weights": None}, "no VGG's weights are on this disk"),
        ({"method": "adain"}, "none was named"),
        ({"method": "adain", "strength": 2.0}, "from strength 0 to 1"),
        ({"decoder": Path("decoder.safetensors")}, "Only adain paints by a decoder"),
        ({"style": Path("gone.png")}, "gone.png cannot be used: the file is missing"),
        ({"weights": Path("gone.safetensors")}, "gone.safetensors"),
    ],
)
def test_what_is_missing_is_a_sentence(places: Path, tmp_path: Path, options: dict[str, object], sentence: str) -> None:
    with pytest.raises(FinetunerError) as caught:
        transferred(places, tmp_path / "out.png", **options)
    assert sentence in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_sentence(places: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FinetunerError, match="cannot be written"):
        transferred(places, tmp_path / "file" / "out.png", steps=1)
