"""The folder that runs anywhere: its programs are run as its user would run them, on names that mean harm."""

import io
import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from PIL import Image

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.backbones.unknown import with_unknown
from finetuner.engine.dataset.decode import open_rgb
from finetuner.engine.events import Certificate, Exported, Notice
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.export import export
from finetuner.engine.exporters.exporter import exporter
from finetuner.engine.requests import ExportRequest
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.engine.run_store.unknown import Unknown
from tests.browser import onnxruntime_web, visit
from tests.cpp import built, compiled, onnxruntime_release
from tests.engine.tiny import tiny_run
from tests.engine.unknown import learn_half

HOSTILE = ("<img src=x onerror=parent.frames[0].ran=1>", 'a "bee"\nor \x1b[31m\\two', "it's & co; rm -rf 🐝")


@pytest.fixture(scope="module")
def hostile_run(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    run = tiny_run(folder)
    config = run / "best" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text("utf-8")) | {"label_names": HOSTILE}), "utf-8")
    Thresholds(classes={HOSTILE[0]: 0.999, HOSTILE[1]: 0.999}).save(run)
    return run


@pytest.fixture(scope="module")
def events(hostile_run, tmp_path_factory) -> list[Any]:
    out = tmp_path_factory.mktemp("out") / "a folder"
    return list(export(ExportRequest(run=hostile_run, format="folder", out=out, author="Ada <b>")))


@pytest.fixture(scope="module")
def folder(events) -> Path:
    assert isinstance(events[-1], Exported)
    return Path(events[-1].path)


@pytest.fixture(scope="module")
def expected(folder) -> dict[str, Any]:
    return json.loads((folder / "expected.json").read_text("utf-8"))


def run_in(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-B", *arguments], cwd=folder, capture_output=True, encoding="utf-8", env=environment
    )


def test_it_holds_what_its_readme_says(folder):
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"model.onnx", "certificate.json", "labels.txt", "thresholds.txt", "model.json", "expected.json"} <= there
    assert {"README.md", "verify.py", "Dockerfile", "requirements.txt", ".dockerignore"} <= there
    assert {
        "python/predict.py",
        "service/service.py",
        "browser/index.html",
        "cpp/predict.cpp",
        "cpp/CMakeLists.txt",
    } <= there
    assert not [name for name in there if "node_modules" in name or "__pycache__" in name]
    stored = {entry.key: entry.value for entry in onnx.load(folder / "model.onnx").metadata_props}["certificate"]
    assert Certificate.model_validate_json(stored) == Certificate.model_validate_json(
        (folder / "certificate.json").read_text()
    )


def test_the_user_is_told_that_photos_are_inside(events, folder, expected):
    assert any("validation images are in the folder" in event.sentence for event in events if isinstance(event, Notice))
    assert len(expected["samples"]) == len(list((folder / "samples").iterdir())) == 5


def test_samples_say_nothing_of_where_they_were_taken(folder):
    for path in (folder / "samples").iterdir():
        with Image.open(path) as image:
            assert (image.format, image.info, dict(image.getexif())) == ("PNG", {}, {})


def test_a_model_card_goes_inside():
    assert exporter("folder").card == "MODEL_CARD.md"


def test_photos_can_be_left_out(run, tmp_path):
    told = list(export(ExportRequest(run=run, format="folder", out=tmp_path / "out", samples=False)))
    assert any("None of your images" in event.sentence for event in told if isinstance(event, Notice))
    (sample,) = (tmp_path / "out" / "samples").iterdir()
    originals = {path.read_bytes() for path in run.parent.rglob("*.png")}
    assert sample.read_bytes() not in originals
    assert run_in(tmp_path / "out", "verify.py").returncode == 0


def test_lists_have_a_line_for_each_class(folder):
    assert len((folder / "labels.txt").read_text("utf-8").splitlines()) == 3
    assert "\x1b" not in (folder / "labels.txt").read_text("utf-8")
    assert (folder / "thresholds.txt").read_text().split() == ["0.999", "0.999", "0"]
    told = json.loads((folder / "model.json").read_text("utf-8"))
    assert told["names"] == list(HOSTILE)
    assert told["thresholds"] == {HOSTILE[0]: 0.999, HOSTILE[1]: 0.999}


def test_no_name_is_written_into_a_program(folder):
    for path in folder.rglob("*"):
        if path.suffix in {".py", ".js", ".html", ".cpp", ".md"} or path.name == "Dockerfile":
            assert not any(name in path.read_text("utf-8") for name in HOSTILE)


def test_verify_agrees(folder):
    done = run_in(folder, "verify.py")
    assert done.returncode == 0, done.stderr
    assert "5 of 5 samples" in done.stdout
    assert "\x1b" not in done.stdout


def retouched(model: Any) -> None:
    softmax = next(node for node in model.graph.node if node.op_type == "Softmax")
    softmax.input[0] = "logits"


def test_verify_finds_another_model(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    model = onnx.load(copy / "model.onnx")
    retouched(model)
    onnx.save(model, copy / "model.onnx")
    done = run_in(copy, "verify.py")
    assert done.returncode == 1
    assert "DIFFERS" in done.stdout


def test_verify_finds_another_image(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    Image.new("RGB", (40, 40), (255, 0, 0)).save(copy / "samples" / "1.png")
    assert run_in(copy, "verify.py").returncode == 1


def test_python_answers_as_expected_and_says_when_it_is_unsure(folder, expected):
    samples = [sample["file"] for sample in expected["samples"]]
    done = run_in(folder, "python/predict.py", *samples)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(samples)
    for line, sample in zip(lines, expected["samples"], strict=True):
        best = max(sample["probabilities"])
        assert ("unsure" in line) == (sample["label"] != HOSTILE[2] and best < 0.999)
        assert f"{best:.1%}" in line
    assert "\x1b" not in done.stdout


def test_python_goes_on_after_what_is_no_image(folder, expected):
    sample = expected["samples"][0]["file"]
    done = run_in(folder, "python/predict.py", "missing.png", "README.md", sample)
    assert done.returncode == 1
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == [sample]
    assert [line.split(": ")[:2] for line in done.stderr.splitlines()] == [
        ["missing.png", "no image that can be read"],
        ["README.md", "no image that can be read"],
    ]


@pytest.fixture(scope="module")
def knowing(hostile_run, tmp_path_factory) -> tuple[Path, list[str]]:
    """The folder of a model to which about half of the samples are unknown, and what the app says of each."""
    run = shutil.copytree(hostile_run.parent, tmp_path_factory.mktemp("knowing") / "copy") / hostile_run.name
    learn_half(run)
    out = run.parent / "folder"
    for _ in export(ExportRequest(run=run, format="folder", out=out)):
        pass
    app = app_model(with_unknown(load_best(run), run))
    cut = Unknown.load(run).cut
    samples = json.loads((out / "expected.json").read_text("utf-8"))["samples"]
    scores = [app(np.asarray(open_rgb(out / sample["file"])))[2] for sample in samples]
    return out, ["unknown" if cut.unknown(float(score)) else "known" for score in scores]


def test_python_says_what_is_unknown(knowing):
    folder, said = knowing
    samples = [sample["file"] for sample in json.loads((folder / "expected.json").read_text("utf-8"))["samples"]]
    lines = run_in(folder, "python/predict.py", *samples).stdout.splitlines()
    assert ["unknown" if ": unknown (" in line else "known" for line in lines] == said
    assert set(said) == {"known", "unknown"}


def test_the_browser_says_what_is_unknown(knowing, tmp_path):
    kit = onnxruntime_web()
    copy = shutil.copytree(knowing[0], tmp_path / "copy")
    (copy / "browser" / "ort" / "node_modules").symlink_to(kit)
    shutil.copy(Path(__file__).with_name("visitor.html"), copy)
    told = visit(copy, tmp_path / "profile", "visitor.html")
    assert ["unknown" if answer["said"] == "unknown" else "known" for answer in told["answers"]] == knowing[1]


def test_python_turns_and_whitens_as_the_app_does(folder, tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (30, 20, 4), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x112] = 6
    Image.fromarray(pixels).save(tmp_path / "turned.png", exif=exif)
    code = "import sys; sys.path.insert(0, 'python'); from predict import pixels_of; import numpy as np;"
    code += "np.save(sys.argv[2], pixels_of(sys.argv[1]))"
    done = run_in(folder, "-c", code, str(tmp_path / "turned.png"), str(tmp_path / "seen.npy"))
    assert done.returncode == 0, done.stderr
    seen = np.load(tmp_path / "seen.npy").astype(int)
    assert abs(seen - np.asarray(open_rgb(tmp_path / "turned.png")).astype(int)).max() <= 1


@pytest.fixture(scope="module")
def service(folder) -> Iterator[str]:
    command = [sys.executable, "-B", "service/service.py", "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def asked(address: str, body: bytes | None = None) -> tuple[int, str, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body)) as reply:
            return reply.status, reply.headers["Content-Type"], reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


def test_the_service_answers(service, folder, expected):
    for sample in expected["samples"]:
        status, kind, body = asked(f"{service}predict", (folder / sample["file"]).read_bytes())
        told = json.loads(body)
        assert (status, kind) == (200, "application/json")
        assert told["label"] == sample["label"]
        assert told["probability"] == pytest.approx(max(sample["probabilities"]), abs=1e-3)
        assert told["unsure"] is (told["label"] != HOSTILE[2] and told["probability"] < 0.999)
        assert told["top"][0] == [told["label"], told["probability"]]


def test_the_service_describes_itself(service):
    status, kind, body = asked(f"{service}openapi.json")
    assert (status, kind, json.loads(body)["openapi"]) == (200, "application/json", "3.1.0")
    status, kind, body = asked(service)
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert b"POST /predict" in body


def bomb() -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("predict", b"no image", 400),
        ("predict", b"", 413),
        ("elsewhere", b"x", 404),
        ("predict", None, 404),
        ("../model.onnx", None, 404),
    ],
)
def test_the_service_refuses_with_a_reason(service, path, body, status):
    found, kind, told = asked(f"{service}{path}", body)
    assert (found, kind) == (status, "application/json")
    assert json.loads(told)["error"]


def test_the_service_survives_what_would_fill_its_memory(service, folder, expected):
    assert asked(f"{service}predict", bomb())[0] == 400
    assert asked(f"{service}predict", (folder / expected["samples"][0]["file"]).read_bytes())[0] == 200


def test_the_browser_answers(folder, expected, tmp_path):
    kit = onnxruntime_web()
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "browser" / "ort" / "node_modules").symlink_to(kit)
    shutil.copy(Path(__file__).with_name("visitor.html"), copy)
    told = visit(copy, tmp_path / "profile", "visitor.html")
    assert "error" not in told, told
    for answer, sample in zip(told["answers"], expected["samples"], strict=True):
        shares = dict(zip(expected["names"], sample["probabilities"], strict=True))
        assert [name for name, _ in answer["rows"]] == sorted(shares, key=lambda name: -shares[name])
        assert all(abs(share - shares[name]) < 1e-3 for name, share in answer["rows"])
        unsure = sample["label"] != HOSTILE[2] and shares[sample["label"]] < 0.999
        assert answer["said"] == ("unsure" if unsure else sample["label"])
        assert answer["elements"] == 0
    assert told["ran"] is None
    assert told["refused"]["said"].startswith("This cannot be answered")
    assert len(told["filmed"]["rows"]) == 3


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    return onnxruntime_release(tmp_path_factory.mktemp("release") / "ort")


@pytest.fixture(scope="module")
def program(folder, release) -> Path:
    return compiled(folder / "cpp" / "predict.cpp", release, release / "predict")


def cpp_says(program: Path, folder: Path, photo: Path) -> list[str]:
    done = subprocess.run([program, folder, photo], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def ppm(sample: Path, folder: Path) -> Path:
    target = folder / f"{sample.stem}.ppm"
    with Image.open(sample) as image:
        image.convert("RGB").save(target)
    return target


def test_cpp_answers_as_expected_and_says_when_it_is_unsure(folder, expected, program, tmp_path):
    names = (folder / "labels.txt").read_text("utf-8").splitlines()
    for sample in expected["samples"]:
        said = cpp_says(program, folder, ppm(folder / sample["file"], tmp_path))
        shares = sample["probabilities"]
        unsure = sample["label"] != HOSTILE[2] and max(shares) < 0.999
        assert said[:-3] == ["unsure"] * unsure
        told = [line.rsplit(" ", 1) for line in said[-3:]]
        assert [name for name, _ in told] == [names[i] for i in np.argsort(shares)[::-1]]
        assert [float(share) for _, share in told] == pytest.approx(sorted(shares, reverse=True), abs=1e-4)


def test_cpp_says_what_is_unknown(knowing, program, tmp_path):
    folder, wanted = knowing
    samples = [sample["file"] for sample in json.loads((folder / "expected.json").read_text("utf-8"))["samples"]]
    said = [cpp_says(program, folder, ppm(folder / sample, tmp_path))[0] for sample in samples]
    assert ["unknown" if first == "unknown" else "known" for first in said] == wanted


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n", "no binary PPM"),
        (b"P3 1 1 255 1 2 3", "no binary PPM"),
        (b"P6 9 9 255\n" + bytes(9 * 9 * 3 - 1), "is cut short"),
        (b"P6 # 9\n9", "no binary PPM"),
        (b"P6 99999999 99999999 255\n", "no binary PPM"),
        (b"P6 99999999999999999999 1 255\n", "no binary PPM"),
        (b"P6 0 1 255\n", "no binary PPM"),
        (None, "cannot be opened"),
    ],
)
def test_cpp_refuses_with_a_reason(folder, program, tmp_path, content, reason):
    photo = tmp_path / "photo.ppm"
    if content is not None:
        photo.write_bytes(content)
    done = subprocess.run([program, folder, photo], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{photo} ")
    assert reason in done.stderr


def test_cpp_refuses_another_folder(folder, program, tmp_path):
    photo = tmp_path / "photo.ppm"
    Image.new("RGB", (9, 9)).save(photo)
    empty, other = tmp_path / "empty", shutil.copytree(folder, tmp_path / "other")
    (other / "labels.txt").write_text("one\n")
    for place, reason in ((empty, "labels.txt cannot be opened"), (other, "do not belong to this model")):
        done = subprocess.run([program, place, photo], capture_output=True, encoding="utf-8")
        assert (done.returncode, done.stdout) == (1, "")
        assert reason in done.stderr


def test_cpp_compiles_as_a_newer_standard(folder, release, tmp_path):
    compiled(folder / "cpp" / "predict.cpp", release, tmp_path / "predict", "c++20")


def test_cpp_is_built_by_the_commands_of_the_readme(folder, release, expected, tmp_path):
    program = built(folder / "cpp", release, tmp_path / "build")
    assert cpp_says(program, folder, ppm(folder / expected["samples"][0]["file"], tmp_path))
