"""evaluate, explain, concept, style, export, predict: from a run on disk to what scripts read."""

import csv
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PIL import Image

from finetuner.cli.app import main
from finetuner.engine.exporters import EXPORTERS, Entry
from tests.engine.explanations.concepts.stripes import draw
from tests.engine.explanations.play import networks
from tests.engine.tiny import CLASSES, tiny_run


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    return tiny_run(tmp_path_factory.mktemp("cli"))


@pytest.fixture(scope="module")
def exported(run) -> Path:
    target = run.parent / "model.onnx"
    assert main(["export", str(run), "--format", "onnx", "--out", str(target), "--author", "Ada"]) == 0
    return target


def test_a_format_that_lacks_something_is_refused_with_the_way_out(run, monkeypatch, capfd):
    monkeypatch.setitem(EXPORTERS, "foreign", Entry("finetuner.engine.exporters.onnx:Onnx", ("no_such_package",)))
    assert main(["export", str(run), "--format", "foreign", "--out", str(run.parent / "f.onnx")]) == 1
    told = capfd.readouterr().err
    assert "The format foreign cannot be written here. The package no_such_package is not installed." in told
    assert "Install it: pip install no_such_package" in told
    assert not (run.parent / "f.onnx").exists()


def answer(capfd: pytest.CaptureFixture, *words: object) -> object:
    """Run a verb with --json; its document."""
    assert main([str(word) for word in (*words, "--json")]) == 0
    return json.loads(capfd.readouterr().out)


def test_predict_keeps_its_contract(run, capfd):
    rows = answer(capfd, "predict", run, run.parent / "data")
    assert len(rows) == 12
    for row in rows:
        assert set(row) == {"source", "label", "probability", "top"}
        assert Path(row["source"]).is_file()
        assert row["top"][0] == [row["label"], row["probability"]]
        assert {name for name, _ in row["top"]} == set(CLASSES)


def test_the_exported_file_gives_the_apps_labels_on_raw_pixels(run, exported, capfd):
    session = onnxruntime.InferenceSession(exported)
    names = json.loads(session.get_modelmeta().custom_metadata_map["names"])
    capfd.readouterr()
    for row in answer(capfd, "predict", run, run.parent / "data"):
        with Image.open(row["source"]) as image:
            pixels = np.asarray(image.convert("RGB"))[None]
        shares = session.run(["probabilities"], {"image": pixels})[0][0]
        assert names[int(shares.argmax())] == row["label"]
        assert shares.max() == pytest.approx(row["probability"], abs=1e-4)


def test_predict_writes_a_table_and_tells_what_it_set_aside(exported, tmp_path, capfd):
    Image.new("RGB", (30, 20), "red").save(tmp_path / "a.png")
    (tmp_path / "notes.txt").write_text("no image")
    table = tmp_path / "out" / "answers.csv"
    assert main(["predict", str(exported), str(tmp_path), "--csv", str(table), "--top", "1"]) == 0
    told = capfd.readouterr()
    assert f"{tmp_path / 'a.png'}: " in told.out
    assert "notes.txt: not an image" in told.err
    (row,) = csv.DictReader(table.read_text().splitlines())
    assert set(row) == {"source", "label", "probability", *CLASSES}
    assert row[row["label"]] == row["probability"]


@pytest.mark.parametrize("top", ["0", "-3"])
def test_predict_tells_one_class_at_least(exported, top, capfd):
    assert main(["predict", str(exported), str(exported.parent / "data"), "--top", top]) == 2
    assert "top" in capfd.readouterr().err


def test_predict_says_that_a_folder_is_empty(exported, tmp_path, capfd):
    (tmp_path / "photos").mkdir()
    assert main(["predict", str(exported), str(tmp_path / "photos")]) == 1
    assert f"There is no image in {tmp_path / 'photos'}." in capfd.readouterr().err


def test_predict_refuses_a_folder_as_its_table_before_all_the_work(tmp_path, capfd):
    (tmp_path / "photos").mkdir()
    assert main(["predict", str(tmp_path / "no-model"), str(tmp_path / "photos"), "--csv", str(tmp_path)]) == 1
    assert f"{tmp_path} is a folder. Give a file name: {tmp_path / 'answers.csv'}" in capfd.readouterr().err


def test_predict_tells_its_document_even_where_the_table_cannot_be_written(exported, tmp_path, capfd):
    (tmp_path / "file").touch()
    image, table = exported.parent / "data" / "ant" / "0.png", tmp_path / "file" / "answers.csv"
    assert main(["predict", str(exported), str(image), "--csv", str(table), "--json"]) == 1
    told = capfd.readouterr()
    assert [row["source"] for row in json.loads(told.out)] == [str(image)]
    assert "cannot be written" in told.err


def test_predict_answers_a_video(exported, tmp_path, capfd, qapp):
    with open(tmp_path / "clip.mjpeg", "wb") as clip:
        for _ in range(3):
            Image.new("RGB", (96, 64), "red").save(clip, "JPEG")
    rows = answer(capfd, "predict", exported, tmp_path / "clip.mjpeg", "--seconds", 20)
    assert rows
    assert all(row["source"].startswith("clip.mjpeg ") for row in rows)


def test_a_camera_that_is_not_there_fails_with_a_sentence(exported, capfd, qapp):
    assert main(["predict", str(exported), "97"]) == 1
    assert "camera" in capfd.readouterr().err


def test_evaluate_tells_the_scores(run, capfd):
    found = answer(capfd, "evaluate", run, run.parent / "data")
    assert found["n"] == 12
    assert found["accuracy_interval"][0] <= found["accuracy"] <= found["accuracy_interval"][1]
    assert [row["name"] for row in found["per_class"]] == list(CLASSES)
    assert np.sum(found["confusion"]) == 12
    assert main(["evaluate", str(run), str(run.parent / "data")]) == 0
    out = capfd.readouterr().out
    assert f"{found['accuracy']:.1%} of 12 images right" in out
    assert "Balanced accuracy" in out
    assert "Log-loss" in out
    assert out.count("n = 12") == 3
    assert "too few images to tell" in out


def test_explain_writes_a_picture(run, tmp_path, capfd):
    image, out = run.parent / "data" / "ant" / "0.png", tmp_path / "why.png"
    found = answer(capfd, "explain", run, image, "--method", "grad-cam", "--out", out)
    assert found["overlay"] == str(out)
    assert out.read_bytes().startswith(b"\x89PNG")
    assert found["label"] in CLASSES


def test_explain_answers_a_folder_with_a_list(run, tmp_path, capfd):
    words = ("explain", run, run.parent / "data" / "ant", "--method", "saliency", "--class", "bee", "--out", tmp_path)
    rows = answer(capfd, *words)
    assert [Path(row["overlay"]).name for row in rows] == [f"{number}.png.saliency.png" for number in range(4)]
    assert {row["label"] for row in rows} == {"bee"}
    assert len(list(tmp_path.iterdir())) == 4


def test_explain_says_whether_to_believe_it(run, tmp_path, capfd):
    image = run.parent / "data" / "ant" / "0.png"
    found = answer(capfd, "explain", run, image, "--out", tmp_path / "why.png", "--trust")
    assert 0 <= found["trust"]["deletion"] <= 1
    assert main(["explain", str(run), str(image), "--out", str(tmp_path / "why.png"), "--trust"]) == 0
    assert found["trust"]["sentence"] in capfd.readouterr().out


def test_explain_tells_in_a_line_which_method_does_not_fit(run, tmp_path, capfd):
    image = run.parent / "data" / "ant" / "0.png"
    assert (
        main(["explain", str(run), str(image), "--method", "attention-rollout", "--out", str(tmp_path / "x.png")]) == 1
    )
    assert "Attention rollout needs" in capfd.readouterr().err


def test_concept_tells_each_class_in_a_sentence(run, tmp_path, capfd):
    folders = {name: draw(tmp_path / name, count, count)[0].parent for name, count in (("lines", 10), ("others", 20))}
    words = ("concept", run, folders["lines"], folders["others"], "--draws", 3)
    found = answer(capfd, *words, "--layer", "layer3", "--class", "bee")
    assert (found["concept"], found["layer"], found["draws"]) == ("lines", "layer3", 3)
    (score,) = found["scores"]
    assert score["label"] == "bee"
    assert 0 <= score["p_value"] <= 1
    assert main([str(word) for word in words]) == 0
    *sentences, last = capfd.readouterr().out.splitlines()
    assert [sentence for sentence, label in zip(sentences, CLASSES, strict=True) if label not in sentence] == []
    assert last.startswith("At layer3.0, which tells lines from random images in ")


def test_style_paints_a_picture(tmp_path, capfd):
    content, style = draw(tmp_path / "pictures", 2, 0)
    words = ("style", content, style, "--out", tmp_path / "painted.png", "--side", 32, "--steps", 2)
    weights = networks.keep(networks.vgg(), tmp_path / "vgg.safetensors")
    found = answer(capfd, *words, "--weights", weights)
    assert (found["path"], found["network"]) == (str(tmp_path / "painted.png"), "vgg.safetensors")
    assert main([str(word) for word in (*words, "--weights", weights)]) == 0
    assert "painted.png (vgg.safetensors, " in capfd.readouterr().out
    assert main([str(word) for word in words]) == 1
    assert "finetuner backbones --download vgg19" in capfd.readouterr().err


def test_shortcuts_tells_a_sentence_for_each_class(run, tmp_path, capfd):
    found = answer(capfd, "shortcuts", run, "--out", tmp_path / "maps")
    assert [row["name"] for row in found["classes"]] == list(CLASSES)
    assert all(Path(row["picture"]).read_bytes().startswith(b"\x89PNG") for row in found["classes"])
    assert main(["shortcuts", str(run), "--count", "2"]) == 0
    assert len(capfd.readouterr().out.splitlines()) == len(CLASSES)


def test_export_tells_its_certificate(run, tmp_path, capfd):
    found = answer(capfd, "export", run, "--format", "safetensors", "--out", tmp_path / "model")
    assert found["certificate"]["passed"] is True
    assert found["certificate"]["images"] == 12
    assert main(["export", str(run), "--format", "safetensors", "--out", str(tmp_path / "other")]) == 0
    assert "On 12 images the exported file and the app agree on 100%" in capfd.readouterr().out


def test_export_tells_a_smaller_file_beside_the_full_one(run, tmp_path, capfd):
    assert main(["export", str(run), "--format", "onnx-fp16", "--out", str(tmp_path / "half.onnx")]) == 0
    full, half = capfd.readouterr().out.splitlines()[-2:]
    assert full.split()[0] == "onnx"
    assert half.split()[0] == "onnx-fp16"
    assert all("answers as the app's" in line and "% right" in line for line in (full, half))


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["export", "RUN", "--format", "onxn", "--out", "x"], 1, "Did you mean onnx?"),
        (["export", "RUN"], 2, "--out"),
        (["explain", "RUN", "gone.png", "--out", "x.png"], 1, "the file is missing"),
        (["explain", "RUN", "gone.png", "--method", "guess", "--out", "x.png"], 1, "Choose one of: grad-cam"),
        (["concept", "RUN", "gone", "DATA"], 1, "gone is no folder"),
        (["style", "a.png", "b.png", "--out", "x.png", "--method", "monet"], 2, "method"),
        (["style", "a.png", "b.png", "--out", "x.png", "--steps", "0"], 2, "steps"),
        (["concept", "RUN", "DATA", "DATA", "--draws", "2"], 2, "draws"),
        (["predict", "RUN", "gone"], 1, "There is nothing at gone"),
        (["predict", "gone.onnx", "DATA"], 1, "no model at gone.onnx"),
        (["evaluate", "RUN", "gone"], 1, "gone"),
        (["evaluate", "DATA", "DATA"], 1, "no trained model"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_trouble_is_one_sentence_and_a_status(run, words, status, sentence, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    places = {"RUN": str(run), "DATA": str(run.parent / "data")}
    assert main([places.get(word, word) for word in words]) == status
    told = capfd.readouterr()
    assert told.out == ""
    assert sentence in told.err
    assert "Traceback" not in told.err
