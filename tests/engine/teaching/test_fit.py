"""What was taught against what an ordinary probe learns of the same images."""

from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.dataset.bursts import burst_of
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import LessonFitted, LessonPrepared, RunEnded
from finetuner.engine.job import Job
from finetuner.engine.prediction.run_predictor import RunPredictor
from finetuner.engine.requests import FitLessonRequest, PrepareLessonRequest, TrainRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.teaching.extractor import Extractor
from finetuner.engine.teaching.fit import divided, fit, held_out_trial
from finetuner.engine.teaching.handing_over import job_of
from finetuner.engine.teaching.head import TaughtHead, TaughtPredictor
from finetuner.engine.teaching.lesson import Lesson
from finetuner.engine.teaching.prepare import prepare
from finetuner.engine.teaching.rows import Rows
from finetuner.engine.training.loop import train
from tests.engine.teaching.test_captured import recorded
from tests.engine.tiny_job import draw_pictures, tiny_job


def rows(bursts: dict[str, tuple[str, ...]], of_each: int = 8) -> Rows:
    """Features that tell the classes apart, with some doubt."""
    generator = np.random.default_rng(0)
    labels = [label for label, groups in bursts.items() for _ in groups for _ in range(of_each)]
    groups = [group for groups in bursts.values() for group in groups for _ in range(of_each)]
    centres = {label: generator.normal(size=6) for label in bursts}
    features = np.stack([centres[label] + generator.normal(size=6) / 3 for label in labels]).astype(np.float32)
    return Rows(features, tuple(labels), tuple(groups), ("",) * len(labels))


def fitted(tmp_path: Path, taught: Rows, **options: object) -> LessonFitted:
    taught.save(tmp_path / "lesson.safetensors")
    request = FitLessonRequest(lesson=tmp_path / "lesson.safetensors", out=tmp_path / "head.safetensors", **options)  # type: ignore[arg-type]
    *_, last = fit(request)
    assert isinstance(last, LessonFitted)
    return last


def test_no_burst_is_on_both_sides(tmp_path: Path) -> None:
    taught = rows({"cup": ("a", "b", "c"), "pen": ("d", "e")})
    for seed in range(30):
        placed = divided(taught, 0.2, seed)
        sides = {(group, split) for group, split in zip(placed.groups, placed.splits, strict=True)}
        assert len(sides) == len(set(placed.groups))
        assert {split for _, split in sides} == {"train", "val"}


def test_it_is_measured_on_bursts_it_has_not_seen(tmp_path: Path) -> None:
    told = fitted(tmp_path, rows({"cup": ("a", "b", "c"), "pen": ("d", "e", "f")}))
    assert (told.classes, told.frames, told.n, told.bursts) == (("cup", "pen"), 48, 16, 2)
    assert told.hits <= told.n
    assert told.interval[0] < told.hits / told.n <= told.interval[1]


def test_one_burst_of_each_class_is_learned_but_not_measured(tmp_path: Path) -> None:
    told = fitted(tmp_path, rows({"cup": ("a",), "pen": ("b",)}))
    assert (told.n, told.bursts, told.interval) == (0, 0, (0.0, 1.0))
    assert TaughtHead.load(Path(told.head)).weight.shape == (2, 6)


def test_the_figure_is_that_of_a_head_without_the_held_out_frames(tmp_path: Path) -> None:
    taught = divided(rows({"cup": ("a", "b"), "pen": ("c", "d")}), 0.3, 0)
    mislabelled = np.array([split == "val" for split in taught.splits])
    features = taught.features.copy()
    features[mislabelled] = -features[mislabelled]
    trial = held_out_trial(Rows(features, taught.labels, taught.groups, taught.splits), ("cup", "pen"), 0)
    assert trial.hits < len(trial.truth) / 2


def test_one_class_is_nothing_to_learn(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="Record frames of a second class"):
        fitted(tmp_path, rows({"cup": ("a", "b")}))


@pytest.mark.parametrize("content", [b"", b"{}", safetensors.numpy.save({"features": np.zeros((2, 3))}, {})])
def test_damaged_features_are_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rows").write_bytes(content)
    with pytest.raises(FinetunerError, match="features of the frames"):
        Rows.load(tmp_path / "rows")
    with pytest.raises(FinetunerError, match="What was taught"):
        TaughtHead.load(tmp_path / "rows")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LessonPrepared]:
    """A run of a tiny network on drawn pictures, and its network made ready."""
    folder = tmp_path_factory.mktemp("teaching")
    data = draw_pictures(folder / "data", of_each=6, classes=("blue", "green"))
    list(train(TrainRequest(job=tiny_job(data, strategy="probe"), run=folder / "run")))
    *_, ready = prepare(PrepareLessonRequest(job=Job(), run=folder / "run"))
    assert isinstance(ready, LessonPrepared)
    return folder / "run", ready


def test_the_extractor_gives_what_the_network_sees(prepared: tuple[Path, LessonPrepared]) -> None:
    import torch

    run, ready = prepared
    trained = load_best(run)
    pixels = np.random.default_rng(0).integers(0, 256, (70, 90, 3), np.uint8)
    with torch.no_grad():
        wanted = trained.network.features(trained.deployed.preprocess(torch.from_numpy(pixels)[None])).numpy()
    network = Extractor(Path(ready.extractor))
    assert network.size == wanted.shape[1]
    assert np.allclose(network.features([pixels]), wanted, rtol=1e-3, atol=1e-4)
    assert ready.classes == ("blue", "green")
    assert set(Rows.load(Path(ready.base)).splits) == {"train", "val"}


def test_it_is_written_once(prepared: tuple[Path, LessonPrepared], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINETUNER_HOME", str(Path(prepared[1].extractor).parents[3]))
    before = Path(prepared[1].extractor).stat().st_mtime_ns
    *_, again = prepare(PrepareLessonRequest(job=Job(), run=prepared[0]))
    assert isinstance(again, LessonPrepared)
    assert (again.extractor, Path(again.extractor).stat().st_mtime_ns) == (prepared[1].extractor, before)


def test_a_network_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(FinetunerError):
        list(prepare(PrepareLessonRequest(job=Job().changed(backbone="no_such_network"))))


def test_what_is_handed_over_is_the_ordinary_probe_and_answers_alike(
    prepared: tuple[Path, LessonPrepared], tmp_path: Path
) -> None:
    """The same split, the same head but for what a stored square rounds; and a run like any other."""
    run, ready = prepared
    captured = recorded(tmp_path / "set", of_each=6)
    network, lesson = Extractor(Path(ready.extractor)), Lesson(captured)
    while lesson.learn(network):
        continue
    weights = load_best(run)
    job = job_of(captured, None, weights.network.name).changed(
        weights=run / "best" / "model.safetensors", image_size=32, device="cpu", precision="fp32", augmentation="none"
    )
    assert isinstance(list(train(TrainRequest(job=job, run=tmp_path / "kept")))[-1], RunEnded)
    pinned = {image.path: image.split for image in RunFolder.open(tmp_path / "kept").pinned_images()}
    placed = divided(lesson.rows(), job.data.val_split, job.compute.seed)
    paths = [str(frame.path) for frame in lesson.frames]
    assert pinned == dict(zip(paths, placed.splits, strict=True))
    ordinary = RunPredictor(tmp_path / "kept", "cpu")
    held = [np.asarray(open_rgb(Path(path))) for path, split in pinned.items() if split == "val"]
    trial = held_out_trial(placed, ("cup", "pen"), job.compute.seed)
    assert np.array_equal(trial.logits.argmax(1), ordinary.answer(held).logits.argmax(1))
    assert np.abs(trial.logits - ordinary.answer(held).logits).max() < 0.1 * np.abs(trial.logits).max()


def test_teaching_goes_on_from_a_run(prepared: tuple[Path, LessonPrepared], tmp_path: Path) -> None:
    run, ready = prepared
    captured = recorded(tmp_path / "set", of_each=3)
    network, lesson = Extractor(Path(ready.extractor)), Lesson(captured)
    while lesson.learn(network):
        continue
    told = fitted(tmp_path, lesson.rows(), base=Path(ready.base))
    assert told.classes == ("blue", "cup", "green", "pen")
    predictor = TaughtPredictor(network, TaughtHead.load(Path(told.head)))
    path = next(image.path for image in RunFolder.open(run).pinned_images() if image.label == "green")
    known = np.asarray(open_rgb(Path(path)))
    shares = predictor.predict([known, np.asarray(open_rgb(captured.frames()[0].path))])
    assert [predictor.classes[best] for best in shares.argmax(1)] == ["green", "cup"]
    job = job_of(captured, run, ready.backbone)
    list(train(TrainRequest(job=job, run=tmp_path / "kept")))
    pinned = RunFolder.open(tmp_path / "kept").pinned_images()
    assert len(pinned) == 12 + 12
    old = {image.path: image.split for image in RunFolder.open(run).pinned_images()}
    assert {image.path: image.split for image in pinned if image.path in old} == old
    sides = {(burst_of(image.path), image.split) for image in pinned if burst_of(image.path)}
    assert len(sides) == 4
