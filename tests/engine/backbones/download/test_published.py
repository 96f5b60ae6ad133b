import pytest

from finetuner.engine.backbones.download.published import hub_file
from finetuner.engine.backbones.download.trouble import TroubleError

STATED = {"url": "http://hub/f", "commit": "a" * 40, "file": "model.safetensors", "size": 9, "sha256": "b" * 64}


def test_a_whole_statement_is_taken() -> None:
    assert hub_file(STATED).sha256 == "b" * 64


@pytest.mark.parametrize(
    ("key", "value"),
    [("commit", "../../evil"), ("commit", None), ("sha256", None), ("sha256", "b" * 40), ("size", 0), ("size", None)],
)
def test_anything_less_is_not_believed(key: str, value: object) -> None:
    with pytest.raises(TroubleError, match=f"no valid {key}"):
        hub_file(STATED | {key: value})
