import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest
import torch

from finetuner.engine.training import feature_store
from finetuner.engine.training.feature_store import FeatureStore, store_of, tidy
from tests.engine.tiny import tiny_network

CPU = torch.device("cpu")
ROWS = np.arange(12, dtype=np.float32).reshape(3, 4)
CONTENTS = ["a" * 64, "b" * 64, "c" * 64]


def test_rows_come_back_in_the_order_asked_for(tmp_path: Path) -> None:
    FeatureStore(tmp_path / "a.sqlite").add(CONTENTS, ROWS)
    found = FeatureStore(tmp_path / "a.sqlite").find(CONTENTS[::-1])
    assert found is not None
    assert found.tolist() == ROWS[::-1].tolist()


def test_a_batch_of_which_one_row_is_missing_is_not_found(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path / "a.sqlite")
    store.add(CONTENTS[:2], ROWS[:2])
    assert store.find(CONTENTS) is None
    assert store.find(CONTENTS[:2]) is not None


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    FeatureStore(tmp_path / "a.sqlite").add(CONTENTS, ROWS)
    (tmp_path / "a.sqlite").write_bytes(b"no database" * 1000)
    store = FeatureStore(tmp_path / "a.sqlite")
    assert store.find(CONTENTS) is None
    store.add(CONTENTS, ROWS)
    assert store.find(CONTENTS) is not None


def test_a_file_that_breaks_while_open_is_as_good_as_empty(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path / "a.sqlite")
    (tmp_path / "a.sqlite").write_bytes(b"no database" * 1000)
    store.add(CONTENTS, ROWS)
    assert store.find(CONTENTS) is None


def test_a_full_disk_costs_only_the_saving(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path / "a.sqlite")
    with sqlite3.connect(tmp_path / "a.sqlite") as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON features BEGIN SELECT RAISE(ABORT, 'full'); END")
    database.close()
    store.add(CONTENTS, ROWS)
    assert store.find(CONTENTS) is None


def test_the_longest_unused_gives_way(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "middle", "old")):
        (tmp_path / f"{name}.sqlite").write_bytes(bytes(100))
        os.utime(tmp_path / f"{name}.sqlite", (1000 - age, 1000 - age))
    tidy(tmp_path, budget=200)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["middle.sqlite", "new.sqlite"]


def test_a_store_is_kept_for_this_network_view_and_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    network = tiny_network(image_size=32)
    here = store_of(network, "judged", "fp32", CPU).file
    assert store_of(network, "judged", "fp32", CPU).file == here
    assert store_of(network, "with margin", "fp32", CPU).file != here
    assert store_of(network, "judged", "bf16", CPU).file != here
    monkeypatch.setattr(feature_store, "_FORMAT", 99)
    assert store_of(network, "judged", "fp32", CPU).file != here


def test_another_head_is_no_other_network_but_another_stem_is() -> None:
    network = tiny_network(image_size=32)
    before = store_of(network, "judged", "fp32", CPU).file
    with torch.no_grad():
        network.head.weight.add_(1)
    assert store_of(network, "judged", "fp32", CPU).file == before
    with torch.no_grad():
        next(network.model.parameters()).add_(1)
    assert store_of(network, "judged", "fp32", CPU).file != before
