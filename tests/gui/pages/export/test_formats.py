"""The programs that the page offers are run, as a user would run them."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from finetuner.engine.exporters import EXPORTERS
from finetuner.gui.pages.export.formats import about, program
from finetuner.gui.preview.demo_model import write_onnx


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_format_has_its_words(name: str) -> None:
    assert about(name).sentence
    assert about(name).program


def test_an_unknown_format_goes_by_its_own_name() -> None:
    assert about("foreign").title == "foreign"
    assert program("foreign", Path("x")) == ""


def test_the_onnx_program_names_the_three_likeliest_classes(tmp_path: Path) -> None:
    write_onnx(tmp_path / 'my "best".onnx', ("ants", "bees", "wasps", "moths"))
    Image.new("RGB", (64, 48), (200, 160, 40)).save(tmp_path / "photo.png")
    (tmp_path / "use.py").write_text(program("onnx", tmp_path / 'my "best".onnx'), "utf-8")
    answer = subprocess.run(
        [sys.executable, "use.py", "photo.png"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in answer.stdout.splitlines()]
    assert len(lines) == 3
    assert {name for name, _ in lines} < {"ants", "bees", "wasps", "moths"}
    shares = [float(share.rstrip("%")) for _, share in lines]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_program_compiles_whatever_the_file_is_called(name: str) -> None:
    compile(program(name, Path('my "best" \\ one')), "use.py", "exec")
