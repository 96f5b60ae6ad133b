from pathlib import Path

import pytest

from finetuner.engine.run_store.control import Control, Wish


def test_nothing_asked_means_go_on(tmp_path: Path) -> None:
    assert Control(tmp_path / "control").wish == "continue"


@pytest.mark.parametrize("wish", ["pause", "stop", "continue"])
def test_a_wish_is_seen_by_whoever_looks(tmp_path: Path, wish: Wish) -> None:
    Control(tmp_path / "control").ask(wish)
    assert Control(tmp_path / "control").wish == wish


def test_a_cleared_wish_is_forgotten(tmp_path: Path) -> None:
    control = Control(tmp_path / "control")
    control.ask("stop")
    control.clear()
    control.clear()
    assert control.wish == "continue"


@pytest.mark.parametrize("content", [b"", b"STOP", b"\xff\xfe", b"pause\n"])
def test_a_strange_file_means_go_on(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "control").write_bytes(content)
    assert Control(tmp_path / "control").wish == "continue"
