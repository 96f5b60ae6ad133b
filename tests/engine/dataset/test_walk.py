import os
import sys
from pathlib import Path

import pytest

from finetuner.engine.dataset.walk import Walk
from tests.hostile import without_privileges

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need privileges on Windows")


def walk(folder: Path) -> dict[str, str]:
    return {os.path.relpath(entry.path, folder): entry.reason for entry in Walk(folder)}


def put(folder: Path, names: str) -> None:
    for name in names.split():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def test_files_come_in_the_order_of_their_names(tmp_path: Path):
    put(tmp_path, "b/2 b/10 a/1 c a/sub/x")
    assert list(walk(tmp_path)) == ["c", "a/1", "a/sub/x", "b/10", "b/2"]


def test_hidden_and_system_names_are_not_seen(tmp_path: Path):
    put(tmp_path, ".git/config a/.DS_Store a/Thumbs.db __MACOSX/x @eaDir/x a/photo .ipynb_checkpoints/x")
    assert list(walk(tmp_path)) == ["a/photo"]


def test_loops_end_and_every_file_is_seen_once(tmp_path: Path):
    put(tmp_path, "a/1 b/2")
    (tmp_path / "a/up").symlink_to("..")
    (tmp_path / "a/self").symlink_to("self")
    (tmp_path / "b/again").symlink_to("../a")
    found = walk(tmp_path)
    assert [name for name, reason in found.items() if not reason] == ["a/1", "b/2"]
    assert "nowhere" in found["a/self"]
    assert "already read" in found["a/up"]
    assert "already read" in found["b/again"]


def test_the_real_file_counts_not_its_link(tmp_path: Path):
    put(tmp_path, "z/real")
    (tmp_path / "a").mkdir()
    (tmp_path / "a/link").symlink_to("../z/real")
    assert walk(tmp_path) == {"z/real": "", "a/link": "another name of z/real, which is already counted"}


def test_links_into_a_hidden_store_inside_are_followed(tmp_path: Path):
    """As git-annex lays out its working trees."""
    put(tmp_path, ".store/x .store/folder/y")
    (tmp_path / "a").mkdir()
    (tmp_path / "a/1").symlink_to("../.store/x")
    (tmp_path / "b").symlink_to(".store/folder")
    assert walk(tmp_path) == {"a/1": "", "b/y": ""}


def test_links_out_are_set_aside(tmp_path: Path):
    put(tmp_path, "secret/x data/a/1 data-more/y")
    (tmp_path / "data/a/out").symlink_to("../../secret")
    (tmp_path / "data/a/beside").symlink_to("../../data-more/y")
    found = walk(tmp_path / "data")
    assert found.pop("a/1") == ""
    assert all("out of the chosen folder" in reason for reason in found.values())
    assert len(found) == 2


def test_the_chosen_folder_may_itself_be_a_link(tmp_path: Path):
    put(tmp_path, "real/a/1")
    (tmp_path / "link").symlink_to("real")
    assert walk(tmp_path / "link") == {"a/1": ""}


def test_a_closed_folder_is_told_and_the_walk_goes_on(tmp_path: Path):
    put(tmp_path, "a/1 closed/2 z/3")
    (tmp_path / "closed").chmod(0)
    with without_privileges(tmp_path):
        found = walk(tmp_path)
    (tmp_path / "closed").chmod(0o755)
    assert found == {"a/1": "", "z/3": "", "closed": "no permission to open it"}


def test_a_folder_that_vanishes_meanwhile_is_told(tmp_path: Path):
    put(tmp_path, "a/1 b/2")
    entries = iter(Walk(tmp_path))
    next(entries)
    (tmp_path / "b/2").unlink()
    (tmp_path / "b").rmdir()
    assert "cannot be opened" in next(entries).reason
