"""Processes that look at files: they answer as threads do, are found dead when they are, and end with the scan."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from finetuner.engine.dataset import readers
from finetuner.engine.dataset.check import Finding, check, glance
from finetuner.engine.dataset.readers import FATAL, ReaderDiedError, Readers
from finetuner.engine.errors import FinetunerError
from finetuner.engine.interpreter import command
from tests.hostile import Hostile, build_hostile, photo

MORTAL = """
import os, signal, sys
from finetuner.engine.dataset import reader_process as reader
look = reader.TASKS["check"]
def fragile(paths):
    if any("fatal" in path for path in paths):
        os.kill(os.getpid(), signal.SIGKILL)
    return look(paths)
reader.TASKS["check"] = fragile
reader.main()
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return build_hostile(tmp_path_factory.mktemp("hostile") / "data")


@pytest.fixture
def files(hostile: Hostile) -> list[str]:
    names = sorted(hostile.usable | {name for name in hostile.refused if not (hostile.folder / name).is_symlink()})
    return [str(hostile.folder / name) for name in names]


@pytest.fixture
def three(tmp_path: Path) -> list[str]:
    paths = [str(tmp_path / name) for name in ("1.png", "2-fatal.png", "3.png")]
    for path in paths:
        photo(path).save(path)
    return paths


def plain(findings: list[Finding]) -> list[Finding]:
    """Without the size of a bomb, which Pillow's warning hides where warnings are errors, as in tests."""
    return [finding.partition(" (")[0] if isinstance(finding, str) else finding for finding in findings]


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "reader_process" in " ".join(child.cmdline())]


def play(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Have this run in the place of a reader."""
    monkeypatch.setattr(readers, "command", lambda module: [*command(module)[:2], "-c", script])


def test_processes_say_what_threads_say(files: list[str]):
    """Whatever the files are, and whatever their names are made of."""
    with Readers() as pool:
        assert plain(pool.ask("check", files)) == plain(check(files))
        assert plain(pool.ask("glance", files)) == plain(glance(files))
        assert pool.ask("check", []) == []


def test_a_file_that_kills_its_reader_is_set_aside_alone(three: list[str], monkeypatch: pytest.MonkeyPatch):
    play(monkeypatch, MORTAL)
    with Readers() as pool:
        assert pool.ask("check", three) == [*check(three[:1]), FATAL, *check(three[2:])]
        assert pool.ask("check", three[:1]) == check(three[:1])


def test_a_reader_that_somebody_kills_is_replaced(three: list[str]):
    with Readers() as pool:
        expected = pool.ask("check", three)
        for reader in children():
            os.kill(reader.pid, signal.SIGTERM)
            reader.wait()
        assert pool.ask("check", three) == expected


def test_nonsense_is_not_believed(three: list[str], monkeypatch: pytest.MonkeyPatch):
    play(monkeypatch, "print('\"ready\"', flush=True)\nfor line in open(0): print('[[1, 2]]', flush=True)")
    with Readers() as pool:
        assert pool.ask("check", three) == [FATAL] * 3


def test_a_reader_that_cannot_begin_is_told(three: list[str], monkeypatch: pytest.MonkeyPatch):
    play(monkeypatch, "raise SystemExit(3)")
    with Readers() as pool, pytest.raises(FinetunerError, match="exit status 3"):
        pool.ask("check", three)
    monkeypatch.setattr(readers, "command", lambda module: ["no such program"])
    with Readers() as pool, pytest.raises(FinetunerError, match="No such file"):
        pool.ask("check", three)


def test_after_a_kill_nobody_answers_and_nobody_is_left(three: list[str]):
    with Readers() as pool:
        pool.ask("check", three)
        assert len(children()) == 1
        pool.kill()
        with pytest.raises(ReaderDiedError):
            pool.ask("check", three)
    assert children() == []


def test_a_reader_ends_with_whoever_asks(three: list[str]):
    """Killed without a word, a scan leaves no process behind: the pipe tells."""
    script = (
        "import os, psutil, sys\n"
        "from finetuner.engine.dataset.readers import Readers\n"
        "pool = Readers()\n"
        "pool.ask('check', sys.argv[1:])\n"
        "print(psutil.Process().children()[0].pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    told = subprocess.run([sys.executable, "-c", script, *three], capture_output=True, text=True, check=False)
    assert _is_gone(int(told.stdout))


def _is_gone(number: int) -> bool:
    try:
        psutil.Process(number).wait()
    except psutil.NoSuchProcess:
        return True
    return not psutil.pid_exists(number)
