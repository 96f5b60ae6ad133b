"""How every test runs: alone, offscreen, offline, in a home of its own, and leaving nothing behind.

The environment is set at import, before a test can import Qt or torch; `tests/police.py` does the looking.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # or xcb, under a virtual screen
os.environ["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# A net this small is slower with more threads, and xdist already has a process on every core.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

from tests.patience import wait_patiently
from tests.police import Patrol, watch_qt

_shared_home = tempfile.TemporaryDirectory(prefix="finetuner-tests-")
# What fixtures of a wider scope than one test see; each test gets its own below.
os.environ["FINETUNER_HOME"] = _shared_home.name


def pytest_configure(config: pytest.Config) -> None:
    """Hypothesis keeps no examples on disk, and nothing is timed: tests do not depend on yesterday or on the clock."""
    if config.pluginmanager.hasplugin("pytest-qt"):
        wait_patiently()
    if config.pluginmanager.hasplugin("hypothesispytest"):
        from hypothesis import HealthCheck, settings
        from hypothesis.configuration import set_hypothesis_home_dir

        set_hypothesis_home_dir(_shared_home.name)
        slow = [HealthCheck.too_slow]
        settings.register_profile("house", database=None, deadline=None, derandomize=True, suppress_health_check=slow)
        settings.load_profile("house")


def pytest_unconfigure() -> None:
    _shared_home.cleanup()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FINETUNER_HOME", "HF_HOME", "HF_HUB_CACHE", "TORCH_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name.lower()))


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    if "PySide6.QtCore" in sys.modules:
        watch_qt()
    patrol = Patrol()
    yield
    patrol.report()
