import pytest

from finetuner.engine.backbones.download.trouble import TroubleError, failed, mismatch


@pytest.mark.parametrize(
    ("status", "advice"),
    [(407, "HTTPS_PROXY"), (401, "HF_TOKEN"), (404, "another backbone"), (500, "weight file into")],
)
def test_every_trouble_has_a_next_step(status: int, advice: str) -> None:
    error = failed("net", TroubleError("the server said no", status))
    assert error.sentence == "The weights of net could not be downloaded: the server said no."
    assert advice in error.next_step


def test_what_is_kept_is_said() -> None:
    assert "goes on from there" in failed("net", TroubleError("cut"), kept=True).next_step
    assert "goes on from there" not in failed("net", TroubleError("cut")).next_step


def test_a_mismatch_names_both_hashes() -> None:
    assert "should be aaa, and is bbb" in mismatch("net", "aaa", "bbb").sentence
