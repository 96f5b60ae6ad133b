"""What holds for every verb: exit statuses, one sentence on stderr, no traceback."""

import inspect
from pathlib import Path
from pkgutil import resolve_name

import pytest

from finetuner import __version__
from finetuner.cli import IN_A_LINE, VERBS, app
from finetuner.cli.app import main
from finetuner.engine import paths


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    text = capfd.readouterr().out
    assert f"finetuner {verb}" in text
    assert "--json" in text


def test_the_list_of_verbs_tells_each_in_its_own_first_line(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["--help"]) == 0
    text = capfd.readouterr().out
    for verb, target in VERBS.items():
        own = (inspect.getdoc(resolve_name(target)) or "").splitlines()[0]
        assert IN_A_LINE[verb] == own
        assert own in text


def test_a_verb_still_says_all_it_has_to_say(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["suspects", "--help"]) == 0
    assert "Each is asked of a head" in capfd.readouterr().out


def test_the_version_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capfd.readouterr().out.strip() == __version__


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fly"], "fly"),
        (["train", "somewhere", "--epochs", "many"], "epochs"),
        (["train", "somewhere", "--epochs", "0"], "epochs: Input should be greater than or equal to 1"),
        (["train", "somewhere", "--strategy", "magic"], "strategy"),
        (["train", "somewhere", "--no-such-flag", "1"], "no-such-flag"),
        (["train"], "No images were named"),
        (["train", "somewhere", "--resume", "run"], "goes on as it was started"),
        (["train", "--resume", "run", "--epochs", "9"], "goes on as it was started"),
        (["scan"], "DATA"),
    ],
)
def test_wrong_usage_is_status_2_and_one_line(
    arguments: list[str], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert words.lower() in err.lower()


def test_work_that_failed_is_status_1_and_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--resume", str(tmp_path)]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err == f"finetuner: {tmp_path} is not a run: it holds no job.toml. `finetuner runs` lists the runs.\n"


def interrupted() -> None:
    raise KeyboardInterrupt


def broken() -> None:
    raise ZeroDivisionError("by nothing")


def test_ctrl_c_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(app, "VERBS", {"work": interrupted})
    assert main(["work"]) == 130
    assert capfd.readouterr().err == "finetuner: Stopped.\n"


def test_the_unexpected_is_a_sentence_and_a_file(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "VERBS", {"work": broken})
    assert main(["work"]) == 1
    err = capfd.readouterr().err
    log = paths.data_dir() / "logs" / "last-error.txt"
    assert (
        err == f"finetuner: Something unexpected happened (ZeroDivisionError: by nothing). The details are in {log}.\n"
    )
    assert "Traceback" in log.read_text()


def test_the_unexpected_is_a_sentence_even_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FINETUNER_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(app, "VERBS", {"work": broken})
    assert main(["work"]) == 1
    assert capfd.readouterr().err == "finetuner: Something unexpected happened (ZeroDivisionError: by nothing).\n"
