import pytest
from pydantic import ValidationError

from finetuner.engine.dataset.preprocessing import Preprocessing


def test_it_survives_json() -> None:
    given = Preprocessing(input_size=96, mean=(0.1, 0.2, 0.3), std=(1, 2, 3), interpolation="bicubic", crop_pct=0.9)
    assert Preprocessing.model_validate_json(given.model_dump_json()) == given


@pytest.mark.parametrize("wrong", [{"input_size": 8}, {"crop_pct": 0}, {"crop_pct": 1.1}, {"interpolation": "magic"}])
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Preprocessing.model_validate(wrong)
