from pathlib import Path

import numpy as np
import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.evaluation.tables import write_predictions
from finetuner.engine.evaluation.two_runs import compare_runs, document
from finetuner.engine.job import Job
from finetuner.engine.run_store.pinned import PinnedImage
from finetuner.engine.run_store.run_folder import RunFolder

CLASSES = ("ant", "bee")


def run(path: Path, truths: str, answers: str, trained: str = "", place: str = "old", classes=CLASSES) -> Path:
    """A run that held out one image for each letter of `truths`; its content is its number, wherever it lies."""
    made = RunFolder.create(path, Job())
    names = {"a": 0, "b": 1}
    val = [(str(number), CLASSES[names[letter]], "val") for number, letter in enumerate(truths)]
    images = [*val, *((content, "ant", "train") for content in trained)]
    made.pin_split(
        classes, [PinnedImage(path=f"/{place}/{c}.png", label=label, split=s, content=c) for c, label, s in images]
    )
    truth, said = ([names[letter] for letter in letters] for letters in (truths, answers))
    paths = [f"/{place}/{number}.png" for number in range(len(truths))]
    write_predictions(path, paths, truth, np.eye(2)[said] * 3, CLASSES)
    return path


def test_images_are_found_again_by_their_content(tmp_path: Path) -> None:
    found = compare_runs(run(tmp_path / "a", "aabb", "abab"), run(tmp_path / "b", "aabb", "aabb", place="new"))
    assert (found.comparison.pairs.images, found.comparison.pairs.only_second) == (4, 2)
    assert [two.source for _, two in found.comparison.won] == ["/new/1.png", "/new/2.png"]
    assert found.notes == ()


def test_only_what_both_held_out_is_compared(tmp_path: Path) -> None:
    found = compare_runs(run(tmp_path / "a", "aabb", "aabb"), run(tmp_path / "b", "aab", "aab", trained="3"))
    assert (found.held_out, found.comparison.pairs.images) == ((4, 3), 3)
    assert "the 3 that both held out" in found.notes[0]


def test_an_image_that_one_of_them_learned_from_proves_nothing(tmp_path: Path) -> None:
    found = compare_runs(run(tmp_path / "a", "aab", "aab"), run(tmp_path / "b", "aab", "aab", trained="012"))
    assert found.comparison.pairs.images == 0
    assert "No image was held out by both" in found.notes[0]
    assert "cannot be compared" in found.comparison.sentence


def test_a_corrected_label_and_another_class_are_told_of(tmp_path: Path) -> None:
    other = run(tmp_path / "b", "abb", "abb", classes=("ant", "bee", "cow"))
    found = compare_runs(run(tmp_path / "a", "aab", "aab"), other)
    assert any("1 of them have another label" in note for note in found.notes)
    assert any("different classes (cow)" in note for note in found.notes)


def test_scripts_read_counts_intervals_and_changes(tmp_path: Path) -> None:
    told = document(compare_runs(run(tmp_path / "a", "a" * 10, "b" * 10), run(tmp_path / "b", "a" * 10, "a" * 10)))
    assert (told["better"], told["only_second"], told["difference"]) == (str(tmp_path / "b"), 10, 1.0)
    assert told["difference_interval"][0] > 0.5
    assert told["tells"] is False
    assert told["changed"][0] == {"path": "/old/0.png", "truth": "ant", "first": "bee", "second": "ant"}
    assert [row["name"] for row in told["per_class"]] == ["ant"]


def test_a_run_without_answers_is_a_sentence(tmp_path: Path) -> None:
    RunFolder.create(tmp_path / "fresh", Job()).pin_split(CLASSES, [])
    with pytest.raises(FinetunerError, match="cannot be read"):
        compare_runs(run(tmp_path / "a", "ab", "ab"), tmp_path / "fresh")
