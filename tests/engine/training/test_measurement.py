from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch

from finetuner.engine.backbones.deployed import load_best
from finetuner.engine.training.measurement import Measurement, measure
from tests.engine.crowded import crowded
from tests.engine.tiny import pictures, tiny_run


def measured(run: Path, files: list[Path], room: int = 100) -> tuple[Measurement, list[int]]:
    trained = load_best(run)
    tried = crowded(trained.network.model, room)
    cache = SimpleNamespace(files=files)
    walk = measure(trained, SimpleNamespace(device=torch.device("cpu"), val=range(len(files)), cache=cache))
    while True:
        try:
            next(walk)
        except StopIteration as end:
            return end.value, tried


def test_what_does_not_fit_at_once_is_measured_in_pieces(tmp_path: Path) -> None:
    run, files = tiny_run(tmp_path), pictures(tmp_path / "more")
    (whole, _), (pieces, tried) = measured(run, files), measured(run, files, room=2)
    assert tried[1:5] == [12, 6, 3, 1], "after one image from which the shortcuts are learnt"
    assert pieces.images == whole.images == list(range(12))
    np.testing.assert_allclose(pieces.logits, whole.logits, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(pieces.features, whole.features, rtol=1e-4, atol=1e-4)
