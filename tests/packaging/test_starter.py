"""The recipe of the starter backbone, on a handful of drawn images."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import timm
import torch
from PIL import Image
from starter import images, publish, student, teacher, views
from starter.pretrain import Pretraining

from finetuner.engine.backbones import pins
from finetuner.engine.files import sha256_of

CLASSES = [f"n{number:02}" for number in range(images.HELD_OUT_CLASSES + 2)]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("starter")
    draw_archive(folder / "drawn.zip")
    images.pack(folder, folder)
    record_noise(folder)
    return folder


def draw_archive(target: Path) -> None:
    noise = np.random.default_rng(0)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("classes.tsv", "not an image")
        for name in CLASSES:
            for part in ("train", "val"):
                picture = io.BytesIO()
                Image.fromarray(noise.integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(picture, "PNG")
                archive.writestr(f"{part}/{name}/0.png", picture.getvalue())


def record_noise(folder: Path) -> None:
    """In the place of the teacher, whose weights are not here."""
    noise = np.random.default_rng(1)
    for view in range(views.COUNT):
        np.save(folder / f"features-{view}.npy", noise.normal(size=(4, 1280)).astype(np.float16))
        np.save(folder / f"logits-{view}.npy", noise.normal(size=(4, 1000)).astype(np.float16))


def test_classes_that_are_held_out_are_not_packed(work: Path) -> None:
    packed = images.opened(work)
    assert len(packed.names) == 2
    assert packed.pixels.shape == (4, 64, 64, 3)
    assert sorted(packed.labels) == [0, 0, 1, 1]


def test_a_view_that_is_the_whole_image_is_the_image() -> None:
    pixels = torch.from_numpy(np.random.default_rng(2).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8))
    whole = torch.tensor([[0.0, 0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0, -1.0]])
    plain, flipped = views.cut(pixels, whole, 64, "bilinear")
    planes = pixels.permute(0, 3, 1, 2) / 255
    torch.testing.assert_close(plain, planes[0], atol=1e-4, rtol=0)
    torch.testing.assert_close(flipped, planes[1].flip(2), atol=1e-4, rtol=0)


def test_views_stay_inside_the_image_and_differ() -> None:
    one, other = views.boxes(0, 500), views.boxes(1, 500)
    x, y, width, height, _ = one.T
    assert bool((x.abs() + width <= 1 + 1e-6).all())
    assert bool((y.abs() + height <= 1 + 1e-6).all())
    assert bool((width * height >= views.LEAST_AREA - 1e-6).all())
    assert not torch.equal(one, other)
    torch.testing.assert_close(views.boxes(0, 500), one)


def test_folding_leaves_the_answers_as_they_were() -> None:
    torch.manual_seed(0)
    model = timm.create_model("mobilenetv2_035").eval()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    planes = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        before = model(planes)
        folded = teacher.folded(model)
        torch.testing.assert_close(folded(planes), before, atol=1e-4, rtol=1e-3)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in folded.modules())


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(student, "NAME", "mobilenetv4_conv_small_035")
    monkeypatch.setattr("starter.pretrain.SIZES", (32,))
    monkeypatch.setattr("starter.pretrain.LAST_SIZES", (48,))


@pytest.mark.usefixtures("small")
def test_interrupted_pretraining_ends_as_the_uninterrupted(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = work / "checkpoint.safetensors"
    Pretraining(images.opened(work), work, epochs=3, batch=2).run()
    whole = safetensors.torch.load_file(file)
    file.unlink()
    monkeypatch.setattr("starter.pretrain.SAVE_EVERY", 3)
    interrupted = Pretraining(images.opened(work), work, epochs=3, batch=2)
    monkeypatch.setattr(interrupted, "_rows", lambda epoch: stop_at(interrupted, 5, epoch))
    with pytest.raises(KeyboardInterrupt):
        interrupted.run()
    resumed = Pretraining(images.opened(work), work, epochs=3, batch=2)
    assert resumed.step == 3
    resumed.run()
    again = safetensors.torch.load_file(file)
    assert all(torch.equal(whole[name], again[name]) for name in whole)


@pytest.mark.usefixtures("small")
def test_more_epochs_go_on_from_the_plateau(work: Path) -> None:
    checkpoint, plateau = work / "checkpoint.safetensors", work / "plateau.safetensors"
    checkpoint.unlink(missing_ok=True)
    Pretraining(images.opened(work), work, epochs=2, batch=2).run()
    assert Pretraining(images.opened(work), work, epochs=4, batch=2).step == 4
    plateau.rename(checkpoint)
    longer = Pretraining(images.opened(work), work, epochs=4, batch=2)
    assert longer.step == 3
    longer.run()
    assert longer.step == 8


def stop_at(training: Pretraining, step: int, epoch: int):
    for rows in Pretraining._rows(training, epoch):
        if training.step == step:
            raise KeyboardInterrupt
        yield rows


@pytest.mark.usefixtures("small")
def test_what_is_published_opens_in_timm(work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "TARGET", tmp_path / "starter")
    Pretraining(images.opened(work), work, epochs=3, batch=2).run()
    publish.publish(work)
    model = timm.create_model(f"local-dir:{tmp_path / 'starter'}", pretrained=True)
    kept = safetensors.torch.load_file(work / "checkpoint.safetensors")
    torch.testing.assert_close(model.conv_stem.weight, kept["student.body.conv_stem.weight"], atol=1e-3, rtol=1e-3)
    published = tmp_path / "starter" / "model.safetensors"
    assert pins.read(tmp_path / "hashes.json")["bundled/starter/model.safetensors"].sha256 == sha256_of(published)
