from pathlib import Path

from finetuner.engine.job import Job
from finetuner.engine.run_store.places import free_place, free_stem, reserved
from finetuner.engine.run_store.run_folder import RunFolder


def test_a_free_name_is_given_once(tmp_path: Path) -> None:
    names = [reserved(tmp_path / "runs" / "leaves").name for _ in range(3)]
    assert names == ["leaves", "leaves-2", "leaves-3"]
    job = Job()
    assert RunFolder.create(tmp_path / "runs" / "leaves-2", job).job == job


def test_a_name_is_given_even_where_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert reserved(tmp_path / "file" / "run") == tmp_path / "file" / "run"


def test_what_comes_of_a_run_is_numbered_beside_it(tmp_path: Path) -> None:
    for number in (1, 2):
        assert free_place(tmp_path / "leaves", "corrected") == tmp_path / f"leaves-corrected-{number}"
        (tmp_path / f"leaves-corrected-{number}").mkdir()


def test_a_stem_is_free_when_no_folder_begins_with_it(tmp_path: Path) -> None:
    stem = tmp_path / "leaves [1]"
    assert free_stem(stem) == stem
    (tmp_path / "leaves [1]-probe").mkdir()
    assert free_stem(stem) == tmp_path / "leaves [1]-2"
    (tmp_path / "leaves [1]-2").mkdir()
    assert free_stem(stem) == tmp_path / "leaves [1]-3"
