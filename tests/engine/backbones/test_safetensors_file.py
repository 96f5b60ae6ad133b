import json
from pathlib import Path

import pytest
import safetensors.torch
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finetuner.engine.backbones import safetensors_file
from finetuner.engine.errors import FinetunerError

ONE = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


def written(path: Path, header: str, body: bytes = bytes(8), length: int | None = None) -> Path:
    encoded = header.encode()
    path.write_bytes((len(encoded) if length is None else length).to_bytes(8, "little") + encoded + body)
    return path


def table(**tensors: object) -> str:
    return json.dumps(tensors)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    safetensors.torch.save_file({"a": torch.arange(4.0)}, tmp_path / "good.safetensors", {"format": "pt"})
    assert torch.equal(safetensors_file.read(tmp_path / "good.safetensors")["a"], torch.arange(4.0))


BAD = {
    "empty": b"",
    "short": b"\x01\x02",
    "text": b"<html>please log in</html>" * 20,
    "pickle": b"\x80\x02}q\x00." + bytes(64),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_safetensors_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / "bad.safetensors").write_bytes(BAD[kind])
    with pytest.raises(FinetunerError, match=r"bad\.safetensors"):
        safetensors_file.read(tmp_path / "bad.safetensors")


TAMPERED = {
    "duplicate": f'{{"a": {json.dumps(ONE)}, "a": {json.dumps(ONE)}}}',
    "list": "[]",
    "overlap": table(a=ONE, b=ONE),
    "beyond": table(a=ONE | {"data_offsets": [0, 80]}),
    "shape": table(a=ONE | {"shape": [3]}),
    "negative": table(a=ONE | {"shape": [-2]}),
    "huge": table(a=ONE | {"shape": [2**62, 2**62]}),
    "dtype": table(a=ONE | {"dtype": "OBJECT"}),
    "backwards": table(a=ONE | {"data_offsets": [8, 0]}),
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_a_tampered_header_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(FinetunerError, match=r"bad\.safetensors"):
        safetensors_file.read(written(tmp_path / "bad.safetensors", TAMPERED[kind]))


def test_a_header_that_claims_too_much_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(FinetunerError, match="header claims"):
        safetensors_file.read(written(tmp_path / "bad.safetensors", table(a=ONE), length=2**40))


def test_too_many_tensors_are_refused(tmp_path: Path) -> None:
    empty = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    header = table(**{f"t{number}": empty for number in range(safetensors_file.MOST_TENSORS + 1)})
    with pytest.raises(FinetunerError, match="claims 20001 tensors"):
        safetensors_file.read(written(tmp_path / "bad.safetensors", header, b""))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_must_be_finite(tmp_path: Path, value: float) -> None:
    safetensors.torch.save_file({"layer.weight": torch.tensor([1.0, value])}, tmp_path / "bad.safetensors")
    with pytest.raises(FinetunerError, match=r"not finite, in layer\.weight"):
        safetensors_file.read(tmp_path / "bad.safetensors")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(place=st.integers(0, 200), value=st.integers(0, 255))
def test_a_flipped_byte_is_refused_or_harmless(tmp_path: Path, place: int, value: int) -> None:
    content = bytearray(safetensors.torch.save({"a": torch.arange(16.0), "b": torch.ones(2, 2)}))
    content[place % len(content)] = value
    path = tmp_path / "mutant.safetensors"
    path.write_bytes(content)
    assert all(torch.isfinite(tensor).all() for tensor in floats(path))


def floats(path: Path) -> list[torch.Tensor]:
    """What is read of it; nothing when it is refused by name."""
    try:
        return [tensor for tensor in safetensors_file.read(path).values() if tensor.is_floating_point()]
    except FinetunerError as error:
        return [] if path.name in error.sentence else [torch.tensor(float("nan"))]


def test_a_header_whose_length_begins_like_a_pickle_is_read(tmp_path: Path) -> None:
    header = table(a=ONE)
    path = written(tmp_path / "good.safetensors", header + " " * (0x0280 - len(header)))
    assert path.read_bytes().startswith(b"\x80\x02")
    assert list(safetensors_file.read(path)) == ["a"]
