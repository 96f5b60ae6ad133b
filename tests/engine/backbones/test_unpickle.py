import json
from pathlib import Path
from typing import Any

import pytest
import torch

from finetuner.engine.backbones import unpickle
from finetuner.engine.backbones.refusals import RefusedError

LARGE = 2**20


def refusal(document: Any, size: int = LARGE) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        unpickle.tensors_of(document, size)
    return refused.value


@pytest.mark.parametrize(
    "wrapper",
    ["state_dict", "model", "state_dict_ema", "model_ema", "model_state_dict", "ema", "net", "params", "teacher"],
)
def test_wrappers_are_taken_off(wrapper: str) -> None:
    assert list(unpickle.tensors_of({wrapper: {"a": torch.ones(1)}, "epoch": 3}, LARGE)) == ["a"]


def test_averaged_weights_come_first() -> None:
    document = {"model": {"a": torch.zeros(1)}, "model_ema": {"a": torch.ones(1)}}
    assert unpickle.tensors_of(document, LARGE)["a"] == 1


def test_an_empty_wrapper_is_passed_over() -> None:
    assert list(unpickle.tensors_of({"model_ema": {}, "ema": None, "model": {"a": torch.ones(1)}}, LARGE)) == ["a"]


@pytest.mark.parametrize("document", [{"epoch": 3}, {}, [torch.ones(1)], torch.ones(1), None, {1: torch.ones(1)}])
def test_what_holds_no_weights_by_name_is_refused(document: Any) -> None:
    assert refusal(document).kind == "no-weights"


def test_a_table_that_holds_itself_ends() -> None:
    document: dict[str, Any] = {}
    document["model"] = document
    assert refusal(document).kind == "no-weights"


def test_shared_and_sliced_tensors_are_kept_apart() -> None:
    base = torch.arange(6.0).reshape(2, 3)
    found = unpickle.tensors_of({"a": base, "b": base, "c": base.t(), "epoch": 4}, LARGE)
    assert sorted(found) == ["a", "b", "c"]
    assert all(tensor.is_contiguous() for tensor in found.values())
    assert len({tensor.data_ptr() for tensor in found.values()}) == 3


def test_methods_that_a_tensor_brings_along_are_not_called() -> None:
    weight = torch.nn.Parameter(torch.ones(2))
    weight.detach = weight.contiguous = weight.numel = lambda: pytest.fail("called")  # type: ignore[assignment, method-assign]
    assert torch.equal(unpickle.tensors_of({"a": weight}, LARGE)["a"], torch.ones(2))


def test_what_would_grow_is_refused_before_it_does() -> None:
    assert refusal({"a": torch.ones(1).expand(2**40)}).kind == "growth"


def test_too_many_tensors_are_refused() -> None:
    one = torch.ones(1)
    assert refusal({str(number): one for number in range(20_001)}).kind == "too-many"


@pytest.mark.parametrize(
    ("tensor", "told"),
    [
        (torch.eye(2).to_sparse(), "a.weight: sparse_coo"),
        (torch.empty(2, device="meta"), "a.weight: strided, meta"),
        (torch.ones(2, dtype=torch.complex128), "complex128"),
    ],
)
def test_a_tensor_that_is_no_plain_array_is_told_by_name(tensor: torch.Tensor, told: str) -> None:
    refused = refusal({"a.weight": tensor})
    assert refused.kind == "no-plain-tensor"
    assert told in refused.detail


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Unsupported global: GLOBAL eval was not an allowed global by default. Please", "code"),
        ("Trying to load unsupported GLOBAL os.system whose module os is blocked.", "code"),
        ("Unsupported global: GLOBAL zipfile.ZipFile was not", "code"),
        ("Unsupported global: GLOBAL torch.hub.load was not", "code"),
        ("Unsupported global: GLOBAL __main__.Net was not", "whole-model"),
        ("Unsupported global: GLOBAL torch.nn.modules.linear.Linear was not", "whole-model"),
        ("Weights only load failed.\n\nUnsupported operand 60\n\nCheck the documentation", "odd-pickle"),
    ],
)
def test_programs_whole_models_and_other_pickles_are_told_apart(message: str, kind: str) -> None:
    assert unpickle.why(message).kind == kind


def test_a_refusal_is_one_line_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    """The limits and the door are another test's: they would stay in this process."""
    for given_up in ("die_with_parent", "limit_resources"):
        monkeypatch.setattr(unpickle, given_up, lambda _: None)
    monkeypatch.setattr(unpickle, "shut_the_door", lambda: None)
    (tmp_path / "page.pth").write_bytes(b"<html>")
    monkeypatch.setattr("sys.argv", ["unpickle", str(tmp_path / "page.pth"), str(tmp_path / "copy"), "1"])
    assert unpickle.main() == 1
    assert json.loads(capsys.readouterr().out) == {"kind": "web-page", "detail": ""}
    assert not (tmp_path / "copy").exists()
