"""What the child gives up, given up in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from finetuner.engine.backbones import confinement
from tests.engine.backbones.given_up import ACTS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits that only Linux has in full")
ROOT = Path(__file__).parents[3]


def came_true(work: str, folder: Path) -> bool:
    """Whether the work, done in a process of its own in this folder, came out true."""
    command = [sys.executable, "-m", "tests.engine.backbones.given_up", work]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode == 0


@pytest.mark.parametrize("act", ACTS)
def test_behind_the_door_nothing_can_be_done(tmp_path: Path, act: str) -> None:
    assert came_true(act, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_reading_goes_on(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"abc")
    assert came_true("reading", tmp_path)


@pytest.mark.parametrize("work", ["memory", "more memory", "others"])
def test_what_the_file_may_cost_is_bounded(tmp_path: Path, work: str) -> None:
    assert came_true(work, tmp_path)


def test_the_child_ends_with_its_parent() -> None:
    """The grandchild holds the pipe open and would wait at it for ever; its parent ends at once."""
    reading, writing = os.pipe()
    parent = os.fork()
    if parent == 0:
        own = os.getpid()
        ready, told = os.pipe()
        if os.fork() == 0:
            confinement.die_with_parent(own)
            os.write(told, b"x")
            os.read(reading, 1)
        os.read(ready, 1)
        os._exit(0)
    os.close(writing)
    os.waitpid(parent, 0)
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_a_child_whose_parent_is_gone_does_not_begin(tmp_path: Path) -> None:
    assert not came_true("orphan", tmp_path)
