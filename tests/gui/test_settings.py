from pathlib import Path

import pytest

from finetuner.gui import settings
from finetuner.gui.settings import RECENT_LIMIT, Settings


def test_what_is_saved_is_loaded(tmp_path):
    path = tmp_path / "deep" / "settings.json"
    kept = Settings(
        theme="dark",
        recent=("/photos",),
        steadiness={"hold": 2.0},
        actions={"table": "/seen.csv"},
        cameras={"desk": "640x480@30"},
    )
    settings.save(kept, path)
    assert settings.load(path) == (kept, "")


def test_a_first_start_has_the_defaults_and_says_nothing(tmp_path):
    assert settings.load(tmp_path / "settings.json") == (Settings(), "")


@pytest.mark.parametrize(
    "spoilt",
    [b"", b"{", b'{"theme": "pink"}', b'{"actions": []}', b'{"cameras": {"desk": "large"}}', b"\xff\xfe\x00", b"[]"],
)
def test_a_spoilt_file_is_kept_aside_and_told_of(tmp_path, spoilt):
    path = tmp_path / "settings.json"
    path.write_bytes(spoilt)
    loaded, sentence = settings.load(path)
    assert loaded == Settings()
    assert "settings.json.corrupt" in sentence
    assert (tmp_path / "settings.json.corrupt").read_bytes() == spoilt
    assert settings.load(path) == (Settings(), "")


def test_names_of_later_versions_are_ignored(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark", "invented_later": 3}')
    assert settings.load(path) == (Settings(theme="dark"), "")


def test_a_folder_in_the_way_is_told_of(tmp_path):
    (tmp_path / "settings.json").mkdir()
    loaded, sentence = settings.load(tmp_path / "settings.json")
    assert loaded == Settings()
    assert "cannot be read" in sentence


def test_recent_data_sets_are_newest_first_without_repetition():
    known = Settings()
    for name in ("a", "b", "a", *map(str, range(RECENT_LIMIT))):
        known = known.with_recent(Path(name))
    assert known.recent[0] == str(RECENT_LIMIT - 1)
    assert len(known.recent) == RECENT_LIMIT
    assert known.with_recent(Path("5")).recent[0] == "5"
    assert len(set(known.recent)) == RECENT_LIMIT
