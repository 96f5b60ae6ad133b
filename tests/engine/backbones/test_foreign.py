"""Pickled files, honest and odd, through the parent's side. Where the child itself is not the point it is a fork."""

import argparse
import builtins
import json
import pathlib
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import timm
import torch
from torch import Tensor

from finetuner.engine import paths
from finetuner.engine.backbones import foreign, limited_child, weights
from finetuner.engine.backbones.heads import linear_head
from finetuner.engine.backbones.refusals import RefusedError
from finetuner.engine.errors import FinetunerError
from tests.engine.backbones.tiny import state_of
from tests.hostile_checkpoints.limited_fork import forking

NETWORK = "test_resnet"
State = dict[str, Tensor]


@pytest.fixture
def forked() -> Iterator[None]:
    with forking():
        yield


def saved(path: Path, document: Any, **options: Any) -> Path:
    torch.save(document, path, **options)
    return path


def named(state: State, prefix: str) -> State:
    return {prefix + name: tensor for name, tensor in state.items()}


def opened(path: Path) -> State:
    """What is read of it, which must fit the network it was saved from."""
    state = weights.read_state_dict(path)
    model = timm.create_model(NETWORK, num_classes=3)
    report = weights.load_into(model, state, linear_head(model, 3))
    assert report.loaded == report.total
    return state


class Touch:
    """Unpickling it makes a file."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return builtins.open, (str(self.place), "w")


def test_the_true_child_converts_runs_nothing_and_is_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = tmp_path / "canary"
    (tmp_path / "torch.py").write_text(f"open({str(canary)!r}, 'w')")
    monkeypatch.chdir(tmp_path)  # where a stranger's torch.py lies
    path, state = saved(Path("weights.pth"), {"state_dict": state_of(NETWORK), "epoch": 3}), state_of(NETWORK)
    assert all(torch.equal(found, state[name]) for name, found in opened(path).items())
    stamp = foreign.as_safetensors(path).stat().st_mtime_ns
    assert foreign.as_safetensors(path).stat().st_mtime_ns == stamp
    with pytest.raises(FinetunerError, match=r"^gift\.pth contains program code \(it asks for io\.open\)") as refused:
        weights.read_state_dict(saved(Path("gift.pth"), {"layer.weight": Touch(canary)}))
    assert "torch.save(model.state_dict()" in refused.value.next_step
    assert not canary.exists()
    assert [kept.suffix for kept in (paths.cache_dir() / "converted").iterdir()] == [".safetensors"]


HONEST: dict[str, Callable[[State], Any]] = {
    "plain": lambda state: state,
    "module": lambda state: named(state, "module."),
    "backbone": lambda state: named(state, "backbone."),
    "model": lambda state: named(state, "model."),
    "encoder": lambda state: named(state, "encoder."),
    "compiled-and-parallel": lambda state: named(state, "_orig_mod.module."),
    "an-author's-own": lambda state: named(state, "tower.image_branch."),
    "wrapper": lambda state: {"state_dict": state, "epoch": 3},
    "wrapper-in-wrapper": lambda state: {"model": {"state_dict": named(state, "module.")}},
    "ema-beside-the-model": lambda state: {"model": blank(state), "model_ema": state},
    "ema-of-timm": lambda state: {"state_dict": blank(state), "state_dict_ema": named(state, "module.")},
    "net": lambda state: {"net": named(state, "module."), "acc": 93.1, "epoch": 7},
    "params": lambda state: {"params": blank(state), "params_ema": state},
    "lightning": lambda state: lightning(state),
    "mmpretrain": lambda state: {"meta": {"epoch": 1}, "state_dict": named(state, "backbone.") | head("head.fc.", 10)},
    "dino": lambda state: {
        "student": named(blank(state), "module.backbone.") | head("module.head.mlp.0.", 4),
        "teacher": named(state, "backbone.") | head("head.mlp.0.", 4),
        "args": argparse.Namespace(lr=0.1, output=pathlib.PurePosixPath("/out")),
    },
    "moco": lambda state: {
        "state_dict": named(state, "module.encoder_q.")
        | named(blank(state), "module.encoder_k.")
        | {"module.queue": torch.ones(128, 16)}
    },
    "simclr": lambda state: {"state_dict": named(state, "backbone.") | head("projector.", 8)},
    "two-networks-in-one": lambda state: named(blank(state), "student.") | named(state, "teacher."),
    "half-precision": lambda state: converted(state, torch.float16),
    "bfloat": lambda state: converted(state, torch.bfloat16),
    "float8": lambda state: converted(state, torch.float8_e4m3fn),
    "double-precision": lambda state: converted(state, torch.float64),
    "without-counters": lambda state: {name: t for name, t in state.items() if "num_batches" not in name},
    "without-a-head": lambda state: {name: t for name, t in state.items() if not name.startswith("fc.")},
    "another-head": lambda state: state | head("fc.", 21_841),
    "parameters": lambda state: {name: torch.nn.Parameter(t, t.is_floating_point()) if t.is_floating_point() else t
                                 for name, t in state.items()},
    "tied": lambda state: state | {"tied": state["fc.weight"], "turned": state["fc.weight"].transpose(0, 1)},
    "scores-and-dates": lambda state: {
        "state_dict": state, "best": np.float64(0.93), "history": np.arange(3), "when": datetime(2024, 5, 1),
        "counts": defaultdict(list, {"a": [1]}), "shape": torch.Size((3, 3)), "device": torch.device("cpu"),
    },
}  # fmt: skip


def blank(state: State) -> State:
    """Of the same shapes, and not the weights that are wanted."""
    return {name: torch.zeros_like(tensor) for name, tensor in state.items()}


def head(prefix: str, classes: int) -> State:
    return {f"{prefix}weight": torch.ones(classes, 7), f"{prefix}bias": torch.ones(classes)}


def converted(state: State, kind: torch.dtype) -> State:
    return {name: tensor.to(kind) if tensor.is_floating_point() else tensor for name, tensor in state.items()}


def lightning(state: State) -> dict[str, Any]:
    return {
        "epoch": 9, "global_step": 100, "pytorch-lightning_version": "2.2.0", "loops": {"fit_loop": {}},
        "state_dict": named(state, "model.") | {"criterion.weight": torch.ones(3)},
        "callbacks": {"ModelCheckpoint{'monitor': 'acc'}": {"best_model_score": torch.tensor(0.9), "dirpath": "/x"}},
        "optimizer_states": [{"state": {0: {"exp_avg": torch.ones(2)}}, "param_groups": [{"lr": np.float32(0.1)}]}],
        "hyper_parameters": {"lr": 0.1, "args": argparse.Namespace(layers=[1, 2], root=pathlib.Path("data"))},
    }  # fmt: skip


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("kind", HONEST)
def test_an_odd_but_honest_file_is_opened(tmp_path: Path, kind: str) -> None:
    state = state_of(NETWORK)
    found = opened(saved(tmp_path / "honest.pth", HONEST[kind](state)))
    expected = state["layer1.0.conv1.weight"]
    assert torch.allclose(found["layer1.0.conv1.weight"].float(), expected, atol=0.02)


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("suffix", [".pt", ".bin", ".ckpt", ".weights"])
def test_the_suffix_does_not_matter(tmp_path: Path, suffix: str) -> None:
    opened(saved(tmp_path / f"weights{suffix}", state_of(NETWORK)))


@pytest.mark.usefixtures("forked")
def test_an_older_torchs_file_is_converted(tmp_path: Path) -> None:
    opened(saved(tmp_path / "old.pth", state_of(NETWORK), _use_new_zipfile_serialization=False))


@pytest.mark.usefixtures("forked")
def test_numbers_that_are_not_finite_are_told_with_the_name_the_user_knows(tmp_path: Path) -> None:
    path = saved(tmp_path / "broken.pth", {"fc.weight": torch.tensor([float("nan")])})
    with pytest.raises(FinetunerError, match=r"^broken\.pth holds numbers that are not finite, in fc\.weight"):
        weights.read_state_dict(path)


def test_the_child_is_told_no_secrets_and_no_switches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    monkeypatch.setenv("PYTHONPATH", "relative:/absolute:")
    told = limited_child.environment()
    assert not {"HF_TOKEN", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"} & set(told)
    assert told["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] == "1"
    assert told["PYTHONPATH"].endswith(":/absolute")
    assert "relative" not in told["PYTHONPATH"]


def answered(monkeypatch: pytest.MonkeyPatch, output: bytes, status: int = 1) -> None:
    done = subprocess.CompletedProcess([], status, output, b"")
    monkeypatch.setattr(limited_child.subprocess, "run", lambda *_, **__: done)


SAID: dict[str, tuple[bytes, str]] = {
    "a reason": (json.dumps({"kind": "claims", "detail": ""}).encode(), "claims"),
    "a reason behind warnings": (b"warning\n" + json.dumps({"kind": "claims", "detail": ""}).encode(), "claims"),
    "nothing": (b"", "limits"),
    "an unknown reason": (b'{"kind": "evil", "detail": ""}', "limits"),
    "no table": (b"[]", "limits"),
    "something deep": (b"[" * 100_000, "limits"),
    "that all is well, without a copy": (b"", "limits"),
}


@pytest.mark.parametrize("kind", SAID)
def test_what_the_child_says_is_a_reason_or_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    output, reason = SAID[kind]
    answered(monkeypatch, output, status=0 if "well" in kind else 1)
    with pytest.raises(RefusedError) as refused:
        foreign.as_safetensors(saved(tmp_path / "weights.pth", {}))
    assert refused.value.kind == reason
    assert list((paths.cache_dir() / "converted").iterdir()) == []


def test_a_child_that_takes_too_long_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("child", 1)

    monkeypatch.setattr(limited_child.subprocess, "run", run)
    with pytest.raises(RefusedError) as refused:
        foreign.as_safetensors(saved(tmp_path / "weights.pth", {}))
    assert refused.value.kind == "limits"


def test_the_child_is_started_away_from_the_current_folder(tmp_path: Path) -> None:
    command = foreign.command(tmp_path / "a.pth", tmp_path / "b.tmp")
    assert command[:3] == [sys.executable, "-P", "-m"]
