import shutil

import numpy as np

from finetuner.engine.exporters import held_out as module
from finetuner.engine.exporters.held_out import held_out
from tests.engine.tiny import tiny_run


def test_the_validation_images_at_their_natural_sizes(run):
    images = held_out(run)
    assert len(images) == 12
    assert images.note == ""
    assert {pixels.shape for pixels in images} == {(48, 64, 3), (97, 55, 3), (64, 64, 3), (20, 31, 3)}


def test_drawn_images_step_in_when_all_are_gone_and_say_so(tmp_path):
    run = tiny_run(tmp_path)
    shutil.rmtree(tmp_path / "data")
    images = held_out(run)
    assert "drawn at random" in images.note
    assert len(list(images)) == len(images)
    assert all(pixels.dtype == np.uint8 for pixels in images)


def test_some_gone_is_told(tmp_path):
    run = tiny_run(tmp_path)
    (tmp_path / "data" / "ant" / "0.png").write_bytes(b"no image")
    images = held_out(run)
    assert len(images) == 11
    assert images.note == "1 of the 12 validation images were not found."


def test_very_many_are_thinned_evenly(run, monkeypatch):
    monkeypatch.setattr(module, "MOST_IMAGES", 5)
    images = held_out(run)
    assert len(images) == 4
    assert "One validation image in 3" in images.note
