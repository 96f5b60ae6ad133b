import os
import subprocess
from pathlib import Path

import pytest

from finetuner.engine.interpreter import command, search_path


def test_a_module_in_the_current_folder_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "tomllib.py").write_text("raise SystemExit(9)")
    (tmp_path / "finetuner").mkdir()
    environment = os.environ | {"PYTHONPATH": search_path()}
    done = subprocess.run(command("finetuner", "--version"), cwd=tmp_path, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_only_whole_paths_are_passed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([".", "lib", str(tmp_path), ""]))
    package, *inherited = search_path().split(os.pathsep)
    assert (Path(package) / "finetuner" / "__init__.py").is_file()
    assert inherited == [str(tmp_path)]
