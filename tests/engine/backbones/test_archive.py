"""What is refused from the index alone; `tests/hostile_checkpoints/archives.py` makes the archives."""

from pathlib import Path

import pytest
import torch

from finetuner.engine.backbones.archive import check_archive
from finetuner.engine.backbones.refusals import RefusedError
from tests.hostile_checkpoints.archives import archives
from tests.hostile_checkpoints.executions import tarred

KINDS = {
    "two-pickles": "odd-archive", "two-pickles-by-case": "odd-archive", "two-folders": "odd-archive",
    "no-pickle": "odd-archive", "no-entries": "odd-archive", "leads-out": "odd-archive", "leads-to-root": "odd-archive",
    "leads-out-of-windows": "odd-archive", "drive": "odd-archive", "torchscript": "torchscript",
    "torchscript-code": "torchscript", "exported": "exported", "numpy-archive": "odd-archive", "bzip2": "compressed",
    "lzma": "compressed", "deflated": "compressed", "second-index": "damaged", "something-behind": "odd-archive",
    "something-before": "odd-archive", "claims-more": "claims", "endless": "claims", "encrypted": "odd-archive",
    "overlapping": "odd-archive", "index-beyond": "odd-archive"
}  # fmt: skip
CASES = {case.name: case for case in archives() if case.name in KINDS}


@pytest.mark.parametrize("name", KINDS)
def test_an_archive_that_torch_did_not_write_is_refused_from_its_index(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_archive(CASES[name].written(tmp_path, tmp_path))
    assert refused.value.kind == KINDS[name]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b"  <!doctype html><html>", "web-page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "pointer"),
        (bytes(4096), "zeros"),
        (tarred(b"x"), "tar"),
    ],
)
def test_what_people_mistake_for_weights_is_told_by_what_it_is(tmp_path: Path, content: bytes, kind: str) -> None:
    (tmp_path / "weights.pth").write_bytes(content)
    with pytest.raises(RefusedError) as refused:
        check_archive(tmp_path / "weights.pth")
    assert refused.value.kind == kind


@pytest.mark.parametrize("modern", [True, False])
def test_what_torch_writes_passes(tmp_path: Path, modern: bool) -> None:
    state = {f"layer{number}": torch.ones(number) for number in range(20)}
    torch.save(state, tmp_path / "weights.pth", _use_new_zipfile_serialization=modern)
    check_archive(tmp_path / "weights.pth")
