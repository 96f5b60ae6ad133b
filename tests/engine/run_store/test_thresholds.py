import json
from pathlib import Path

import pytest

from finetuner.engine.errors import FinetunerError
from finetuner.engine.run_store.thresholds import FILE, Costs, Thresholds

CLASSES = ("ant", "bee")


def test_they_are_kept_in_the_run_folder_and_read_back(tmp_path: Path) -> None:
    costs = Costs(unsure=2, wrong=7, pairs={"ant": {"bee": 30}})
    kept = Thresholds(costs=costs).changed({"ant": 0.8, "bee": 0.0})
    kept.save(tmp_path)
    assert Thresholds.load(tmp_path) == kept
    assert json.loads((tmp_path / FILE).read_text())["version"] == 1
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_a_run_without_a_file_is_never_unsure(tmp_path: Path) -> None:
    assert Thresholds.load(tmp_path).unsure("ant", 0.01) is None


def test_the_threshold_itself_is_answered() -> None:
    found = Thresholds(classes={"ant": 0.8})
    assert [found.unsure("ant", share) for share in (0.79, 0.8, 0.81)] == [True, False, False]
    assert found.unsure("bee", 0.01) is False


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"version": 2}', '{"classes": {"ant": 1.1}}', '{"classes": {"ant": NaN}}', '{"colour": "red"}',
        '{"costs": {"unsure": -1}}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_damaged_file_is_a_sentence_that_says_how_to_go_on(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(FinetunerError, match="cannot be read") as caught:
        Thresholds.load(tmp_path)
    assert "--reset" in caught.value.next_step


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(FinetunerError, match="cannot be read"):
        Thresholds.load(tmp_path)


def test_a_class_of_another_model_is_refused() -> None:
    with pytest.raises(FinetunerError, match="no class 'cow'") as caught:
        Thresholds(classes={"cow": 0.5}).checked(CLASSES)
    assert "'ant', 'bee'" in caught.value.next_step


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_what_is_no_share_is_no_threshold(value: float) -> None:
    with pytest.raises(FinetunerError, match="is no probability"):
        Thresholds().changed({"ant": value})


def test_metadata_is_read_back_and_a_strangers_is_refused() -> None:
    kept = Thresholds(classes={"ant": 0.8})
    assert Thresholds.parse(kept.as_metadata(), CLASSES) == kept
    for text in ('{"ant": 2}', "[1]", '{"cow": 0.5}', "{"):
        with pytest.raises(ValueError, match=r".+"):
            Thresholds.parse(text, CLASSES)


def test_costs_are_read_and_a_right_answer_is_free(tmp_path: Path) -> None:
    (tmp_path / "costs.json").write_text('{"unsure": 2, "wrong": 7, "pairs": {"ant": {"bee": 30}}}')
    costs = Costs.load(tmp_path / "costs.json", CLASSES)
    assert [costs.of(*pair) for pair in (("ant", "bee"), ("bee", "ant"), ("ant", "ant"))] == [30, 7, 0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"unsure": -1}', "cannot be used"),
        ("nothing", "cannot be used"),
        ('{"pairs": {"ant": {"cow": 1}}}', "no class 'cow'"),
    ],
)
def test_costs_that_are_none_are_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "costs.json").write_text(text)
    with pytest.raises(FinetunerError, match=words):
        Costs.load(tmp_path / "costs.json", CLASSES)
    with pytest.raises(FinetunerError, match="cannot be read"):
        Costs.load(tmp_path / "gone.json", CLASSES)
