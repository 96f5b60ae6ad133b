import importlib.util
import shlex
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "install.py"


@pytest.fixture(scope="module")
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_uv_is_told_where_pip_takes_packages_from(install: ModuleType) -> None:
    told = install.uv_environment(
        {"index-url": "https://mirror/simple", "extra-index-url": "https://one https://two", "find-links": "/a\n/b"}
    )
    assert told == {
        "UV_DEFAULT_INDEX": "https://mirror/simple",
        "UV_INDEX": "https://one https://two",
        "UV_FIND_LINKS": "/a,/b",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_what_says_nothing_about_packages_is_not_passed_on(install: ModuleType) -> None:
    told = install.uv_environment({"disable-pip-version-check": "1", "no-cache-dir": "false"})
    assert told == {"UV_INDEX_STRATEGY": "unsafe-best-match"}


@pytest.mark.parametrize("setting", ["no-index", "constraint", "only-binary", "require-hashes", "client-cert"])
def test_what_only_pip_understands_makes_pip_do_the_work(install: ModuleType, setting: str) -> None:
    assert install.uv_environment({setting: "1", "index-url": "https://mirror/simple"}) is None


def test_the_environment_wins_over_the_configuration_file(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = (
        "global.index-url='https://file'\n:env:.index-url='https://environment'\nglobal.timeout='9'\nlist.format='x'"
    )
    pip = tmp_path / "python"
    pip.write_text(f"#!/bin/sh\nprintf '%s\\n' {shlex.quote(answer)}\n")
    pip.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(pip))
    assert install.pip_settings() == {"index-url": "https://environment", "timeout": "9"}


def test_pip_takes_over_where_uv_cannot(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[tuple[str, ...]] = []

    def run(*arguments: str, environment: dict[str, str] | None = None) -> bool:
        commands.append(arguments)
        return "uv" not in arguments

    monkeypatch.setattr(install, "run", run)
    monkeypatch.setattr(install, "pip_settings", dict)
    assert install.main("/project[dev]") == 0
    assert ("-m", "pip", "install", "--editable", "/project[dev]") in commands


def test_a_torch_that_does_not_fit_its_torchvision_is_told(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "run", lambda *arguments, environment=None: arguments[0] != "-c")
    monkeypatch.setattr(install, "pip_settings", dict)
    assert install.main("/project") == 1
    assert "must come from the same place" in capsys.readouterr().err
