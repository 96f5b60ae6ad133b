"""Run folders of strangers: each is a finished run in which one thing was altered."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from tests.hostile_checkpoints.case import Case, Make
from tests.hostile_checkpoints.ways import vouch

Alter = Callable[[Path], object]
_DEEP = "[" * 200_000
_DIGITS = "9" * 5_000
_TEXTS = (
    "job.toml",
    "events.jsonl",
    "split.json",
    "classes.txt",
    "metrics.json",
    "predictions.csv",
    "best/config.json",
)


def run_cases(run: Path) -> Iterator[Case]:
    """`run` is a finished run with checkpoints; it is copied, never altered."""
    for name, alter in {**_every_text(), **_special()}.items():
        yield Case("run", name, "", altered(run, alter))


def altered(run: Path, alter: Alter) -> Make:
    """A copy of the run, with this done to it."""

    def make(path: Path, _: Path) -> None:
        shutil.copytree(run, path)
        alter(path)

    return make


def _every_text() -> dict[str, Alter]:
    """What can be done to any file: each of these to each of them."""
    general: dict[str, Alter] = {
        "empty": lambda path: path.write_bytes(b""),
        "missing": lambda path: path.unlink(),
        "not-utf-8": lambda path: path.write_bytes(b"\xff\xfe\x00\xd8"),
        "deep": lambda path: path.write_text(f"x = {_DEEP}" if path.suffix == ".toml" else _DEEP),
        "digits": lambda path: path.write_text(f"x = {_DIGITS}" if path.suffix == ".toml" else _DIGITS),
        "list": lambda path: path.write_text("[1, null]"),
        "nothing": lambda path: path.write_text("null"),
        "folder": lambda path: _replaced(path, path.mkdir),
        "pipe": lambda path: _replaced(path, lambda: os.mkfifo(path)),
        "device": lambda path: _replaced(path, lambda: path.symlink_to("/dev/zero")),
        "link": lambda path: _replaced(path, lambda: path.symlink_to("/etc/hostname")),
        "one-endless-line": lambda path: path.write_bytes(b"x" * 2**20),
    }
    return {
        f"{text.replace('/', '-')}-{name}": lambda run, text=text, alter=alter: alter(run / text)  # type: ignore[misc]
        for text in _TEXTS
        for name, alter in general.items()
    }


def _special() -> dict[str, Alter]:
    return {
        **{f"config-{name}": _config(**facts) for name, facts in _CONFIGS.items()},
        **{f"own-{name}": _own(**facts) for name, facts in _OWN.items()},
        **{f"state-{name}": _state(**facts) for name, facts in _STATES.items()},
        **{f"split-{name}": _split(**facts) for name, facts in _SPLITS.items()},
        **{f"job-{name}": _job(line) for name, line in _JOBS.items()},
        **{f"event-{name}": _event(line) for name, line in _EVENTS.items()},
        **{f"manifest-{name}": _manifest(files) for name, files in _MANIFESTS.items()},
        "checkpoints-elsewhere": lambda run: _elsewhere(run / "checkpoints"),
        "log-elsewhere": lambda run: _elsewhere(run / "events.jsonl"),
        "lock-elsewhere": lambda run: _elsewhere(run / "lock"),
        "control-pipe": lambda run: os.mkfifo(run / "control"),
        "owner-not-utf-8": lambda run: (run / "owner.txt").write_bytes(b"\xff"),
        "classes-twice": lambda run: (run / "classes.txt").write_text("a\na\na\n"),
        "classes-many": lambda run: (run / "classes.txt").write_text("\n".join(map(str, range(200_000)))),
        "optimiser-of-another": _foreign_optimiser,
        "facts-of-another": lambda run: _rewritten(
            run, "learner.json", b'{"scaler": 1, "micro_batch": "x", "steps": []}'
        ),
        "impossible-date": lambda run: os.utime(run / "job.toml", (2**40, 2**40)),
        "predictions-wide": lambda run: (run / "predictions.csv").write_text("path,truth\n" + "x" * 200_000 + ",1\n"),
    }


_CONFIGS: dict[str, dict[str, Any]] = {
    "no-classes": {"label_names": []},
    "classes-of-text": {"label_names": "x" * 1000},
    "classes-of-anything": {"label_names": [{}, None, 1]},
    "many-classes": {"label_names": [str(number) for number in range(100_001)]},
    "fewer-classes": {"label_names": ["a"]},
    "no-own": {"finetuner": None},
}
_OWN: dict[str, dict[str, Any]] = {
    "another-network": {"architecture": "test_vit"},
    "giant-network": {"architecture": "eva_giant_patch14_224"},
    "network-of-the-hub": {"architecture": "hf-hub:nobody/nothing"},
    "network-in-a-folder": {"architecture": "local-dir:/etc"},
    "network-of-anything": {"architecture": {"a": 1}},
    "network-elsewhere": {"architecture": "../../../test_resnet"},
    "temperature-zero": {"temperature": 0},
    "temperature-negative": {"temperature": -1},
    "temperature-nan": {"temperature": float("nan")},
    "temperature-infinite": {"temperature": float("inf")},
    "temperature-text": {"temperature": "hot"},
    "giant-input": {"preprocessing": {"input_size": 10**9}},
    "negative-input": {"preprocessing": {"input_size": -1}},
    "no-deviation": {"preprocessing": {"std": [0, 0, 0]}},
    "mean-nan": {"preprocessing": {"mean": [float("nan")] * 3}},
    "unknown-interpolation": {"preprocessing": {"interpolation": "eval"}},
}
_STATES: dict[str, dict[str, Any]] = {
    "threads": {"threads": 10**6},
    "negative-step": {"step": -5},
    "far-step": {"step": 10**30},
    "far-epoch": {"epoch": 10**9},
    "negative-batch": {"batch": -1},
    "batch-size": {"batch_size": 10**9},
    "precision": {"precision": "__import__('os')"},
    "text": {"loss_sum": "x"},
}
_SPLITS: dict[str, dict[str, Any]] = {
    "unknown-label": {"label": "somebody"},
    "label-of-anything": {"label": ["blue"]},
    "path-of-anything": {"path": 1},
    "path-with-zero": {"path": "a\0b"},
    "path-to-device": {"path": "/dev/zero"},
    "path-outside": {"path": "../../../../../etc/passwd"},
    "path-to-folder": {"path": "/"},
}
_JOBS = {
    "unknown-part": "[evil]\nx = 1\n",
    "unknown-option": "[data]\nevil = 1\n",
    "epochs": "[strategy]\nepochs = 1000000000\n",
    "threads": "[compute]\nthreads = 1000000\n",
    "seed": "[compute]\nseed = " + "9" * 400 + "\n",
    "network-of-the-hub": '[backbone]\nbackbone = "hf-hub:nobody/nothing"\n',
    "weights-elsewhere": '[backbone]\nweights = "/dev/zero"\n',
    "path-with-zero": '[data]\ndata = "a\\u0000b"\n',
}
_EVENTS = {
    "deep": '{"kind": "notice", "at_step": 1, "at_seconds": 1, "sentence": ' + "[" * 100_000 + "\n",
    "digits": '{"kind": "epoch-ended", "at_step": ' + "9" * 400 + "}\n",
    "infinite": '{"kind": "notice", "at_step": 1, "at_seconds": Infinity, "sentence": "x"}\n',
    "far-epoch": '{"kind": "phase-started", "at_step": 1, "at_seconds": 1, "index": 1, "title": "", "epoch": '
    + "9" * 19
    + "}\n",
    "unknown": '{"kind": "evil", "at_step": 1, "at_seconds": 1}\n',
    "escape": '{"kind": "notice", "at_step": 1, "at_seconds": 1, "sentence": "\\u001b[2J[/bold]"}\n',
    "torn": '{"kind": "notice", "at_step": 1',
}
_MANIFESTS: dict[str, Any] = {
    "empty": {},
    "elsewhere": {"../../../../../../etc/passwd": {"size": 1, "sha256": ""}},
    "device": {"/dev/zero": {"size": 1, "sha256": ""}},
    "list": [],
    "of-anything": {"state.json": None},
}


def _replaced(path: Path, make: Callable[[], object]) -> None:
    path.unlink()
    make()


def _elsewhere(path: Path) -> None:
    """The part leads to a place beside the run, which must stay as it is."""
    other = path.parent.with_name("precious")
    target = other / path.name
    shutil.rmtree(other, ignore_errors=True)
    other.mkdir()
    if path.is_dir():
        shutil.move(path, target)
    else:
        target.write_text("precious\n")
        path.unlink(missing_ok=True)
    path.symlink_to(target)


def _config(**facts: Any) -> Alter:
    return lambda run: _json(run / "best" / "config.json", lambda document: document.update(facts))


def _own(**facts: Any) -> Alter:
    def alter(document: dict[str, Any]) -> None:
        own = document["finetuner"]
        own.update({**facts, "preprocessing": own["preprocessing"] | facts.get("preprocessing", {})})

    return lambda run: _json(run / "best" / "config.json", alter)


def _state(**facts: Any) -> Alter:
    def alter(run: Path) -> None:
        checkpoint = _newest(run)
        _json(checkpoint / "state.json", lambda document: document.update(facts))
        vouch(checkpoint, "state.json")

    return alter


def _split(**facts: Any) -> Alter:
    def alter(document: dict[str, Any]) -> None:
        for row in document["images"]:
            row.update(facts)

    return lambda run: _json(run / "split.json", alter)


def _job(line: str) -> Alter:
    return lambda run: (run / "job.toml").write_text(line)


def _event(line: str) -> Alter:
    def alter(run: Path) -> None:
        with open(run / "events.jsonl", "a") as file:
            file.write(line)

    return alter


def _manifest(files: Any) -> Alter:
    return lambda run: _json(_newest(run) / "MANIFEST.json", lambda document: document.update(files=files))


def _foreign_optimiser(run: Path) -> None:
    """A moment of another shape, which would end the next step."""
    path = _newest(run) / "optimizer.safetensors"
    known = safetensors.torch.load_file(path)
    _rewritten(run, path.name, safetensors.torch.save({name: torch.ones(3, 7) for name in known}))


def _rewritten(run: Path, name: str, content: bytes) -> None:
    (_newest(run) / name).write_bytes(content)
    vouch(_newest(run), name)


def _newest(run: Path) -> Path:
    return max((run / "checkpoints").iterdir())


def _json(path: Path, alter: Callable[[Any], object]) -> None:
    document = json.loads(path.read_text())
    alter(document)
    path.write_text(json.dumps(document))
