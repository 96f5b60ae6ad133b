"""What the tests of pages need: Chromium and onnxruntime-web, which `packaging/test.sh` brings.

Where they are missing a test is skipped and `.ci/run` prints why; with FINETUNER_BROWSER=required it fails instead.
"""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import browser


def onnxruntime_web() -> Path:
    """The `node_modules` with onnxruntime-web. Skips or fails the test where it is missing."""
    kit = Path(os.environ.get("FINETUNER_ONNXRUNTIME_WEB") or Path(sys.prefix) / "onnxruntime-web") / "node_modules"
    return kit if (kit / "onnxruntime-web").is_dir() else _missing("onnxruntime-web")


def visit(folder: Path, profile: Path, page: str) -> dict[str, Any]:
    """Open `page` of `folder` and return what it posts. Skips or fails the test where there is no browser."""
    try:
        return browser.visit(folder, profile, page)
    except LookupError:
        return _missing("Chromium")


def _missing(what: str) -> Any:
    if os.environ.get("FINETUNER_BROWSER") == "required":
        pytest.fail(f"{what} is missing, and FINETUNER_BROWSER says that it must be there")
    pytest.skip(f"{what} is not installed: packaging/test.sh does it")
