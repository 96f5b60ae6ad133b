import io
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch

from finetuner.engine import paths
from finetuner.engine.backbones import foreign, unpickle, weights
from finetuner.engine.errors import FinetunerError
from tests.engine.backbones.tiny import state_of


class Hostile:
    """Unpickling it calls something."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.call


def raw(document: Any) -> bytes:
    return pickle.dumps(document)


def zipped(document: Any) -> bytes:
    """As torch.save writes it, for documents that torch would not."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(document, protocol=2))
        archive.writestr("archive/version", "3\n")
        archive.writestr("archive/byteorder", "little")
    return buffer.getvalue()


def hostile_documents(canary: Path) -> dict[str, Any]:
    return {
        "system": Hostile(os.system, f"touch {canary}"),
        "eval": Hostile(eval, f"open({str(canary)!r}, 'w')"),
        "exec": {"state_dict": Hostile(exec, f"open({str(canary)!r}, 'w')")},
        "open": {"layer.weight": Hostile(open, str(canary), "w")},
    }


FORMS = {"raw": raw, "zipped": zipped}
# as the child does it, but many files in one process: importing torch is what costs
OPEN_ALL = """
import sys
from pathlib import Path
from finetuner.engine.backbones.unpickle import RefusedError, load
for path in sys.argv[1:]:
    try:
        load(Path(path))
    except RefusedError as refusal:
        print(refusal)
"""


def test_hostile_pickles_are_not_opened(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    hostile = [form(document) for form in FORMS.values() for document in hostile_documents(canary).values()]
    files = [tmp_path / f"{number}.pth" for number in range(len(hostile))]
    for path, content in zip(files, hostile, strict=True):
        path.write_bytes(content)
    answers = in_child(OPEN_ALL, *map(str, files)).splitlines()
    assert [answer.partition(" (")[0] for answer in answers] == ["contains program code and was not opened"] * 8
    assert not canary.exists()


def test_a_hostile_file_is_told_by_name_and_leaves_nothing(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    (tmp_path / "gift.pth").write_bytes(zipped(hostile_documents(canary)["system"]))
    with pytest.raises(FinetunerError, match=r"gift\.pth contains program code and was not opened"):
        weights.read_state_dict(tmp_path / "gift.pth")
    assert not canary.exists()
    assert not list((paths.cache_dir() / "converted").glob("*.safetensors"))


def in_child(code: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def saved(path: Path, document: Any, **options: Any) -> Path:
    torch.save(document, path, **options)
    return path


def test_a_state_dict_is_converted_and_only_once(tmp_path: Path) -> None:
    state = state_of("test_resnet")
    path = saved(tmp_path / "weights.pth", {"state_dict": state, "epoch": 3})
    found = weights.read_state_dict(path)
    assert found.keys() == state.keys()
    assert all(torch.equal(found[name], state[name]) for name in state)
    stamp = foreign.as_safetensors(path).stat().st_mtime_ns
    assert foreign.as_safetensors(path).stat().st_mtime_ns == stamp


@pytest.mark.parametrize("wrapper", ["state_dict", "model", "state_dict_ema", "model_ema", "model_state_dict"])
def test_wrappers_are_taken_off(wrapper: str) -> None:
    assert list(unpickle.tensors_of({wrapper: {"a": torch.ones(1)}, "epoch": 3})) == ["a"]


def test_an_older_torchs_file_is_converted(tmp_path: Path) -> None:
    path = saved(tmp_path / "old.pth", {"a": torch.ones(2)}, _use_new_zipfile_serialization=False)
    assert torch.equal(weights.read_state_dict(path)["a"], torch.ones(2))


def test_a_compressed_archive_is_refused_from_its_index(tmp_path: Path) -> None:
    plain = saved(tmp_path / "plain.pth", {"a": torch.zeros(2**20)})
    bomb = tmp_path / "bomb.pth"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, source.read(entry))
    with pytest.raises(unpickle.RefusedError, match="is compressed"):
        unpickle.check_archive(bomb)


def test_an_archive_that_claims_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "plain.pth", {"a": torch.zeros(8)})
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    content = path.read_bytes()
    largest = max(entry.file_size for entry in entries).to_bytes(4, "little")
    path.write_bytes(content.replace(largest * 2, (2**31).to_bytes(4, "little") * 2))
    with pytest.raises(unpickle.RefusedError, match="claims to be larger than it is"):
        unpickle.check_archive(path)


def test_a_torchscript_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "script.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("script/data.pkl", b"\x80\x02}.")
        archive.writestr("script/constants.pkl", b"\x80\x02).")
    with pytest.raises(unpickle.RefusedError, match="TorchScript"):
        unpickle.check_archive(path)


def test_what_holds_no_weights_is_refused_with_the_reason(tmp_path: Path) -> None:
    whole = saved(tmp_path / "whole.pth", {"a": torch.zeros(64)}).read_bytes()
    (tmp_path / "cut.pth").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.pth").write_bytes(b"")
    (tmp_path / "text.pth").write_bytes(b"<html>log in</html>")
    saved(tmp_path / "model.pth", torch.nn.Linear(2, 2))
    names = ("cut", "empty", "text", "model")
    answers = in_child(OPEN_ALL, *(str(tmp_path / f"{name}.pth") for name in names)).splitlines()
    assert len(answers) == len(names)
    assert "asks for torch.nn.modules.linear.Linear" in answers[-1]


def test_a_document_without_tensors_holds_no_weights() -> None:
    with pytest.raises(unpickle.RefusedError, match="no weights by name"):
        unpickle.tensors_of({"epoch": 3, "name": "x"})


def test_shared_and_sliced_tensors_are_kept_apart() -> None:
    base = torch.arange(6.0).reshape(2, 3)
    found = unpickle.tensors_of({"a": base, "b": base, "c": base.t(), "epoch": 4})
    assert sorted(found) == ["a", "b", "c"]
    assert all(tensor.is_contiguous() for tensor in found.values())
    assert found["a"].data_ptr() != found["b"].data_ptr()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's memory")
def test_memory_is_bounded_in_the_child() -> None:
    code = (
        "import torch; from finetuner.engine.backbones.unpickle import limit_resources\n"
        "limit_resources(0)\n"
        "try: torch.zeros(2**31)\n"
        "except RuntimeError: print('bounded')"
    )
    assert in_child(code).strip() == "bounded"


def test_the_child_may_start_nothing_and_connect_to_nothing() -> None:
    code = (
        "import os, socket, subprocess; from finetuner.engine.backbones.unpickle import RefusedError, only_reading\n"
        "def refused(act):\n"
        "    try: act()\n"
        "    except RefusedError: return True\n"
        "with only_reading():\n"
        "    print([refused(lambda: os.system('true')), refused(lambda: subprocess.run(['true'])),\n"
        "           refused(lambda: socket.create_connection(('127.0.0.1', 9)))])"
    )
    assert in_child(code).strip() == "[True, True, True]"
